// What the reader changes (the state), and what follows from it (the model).

const given = JSON.parse(document.getElementById("given").text);
const numbersIn = (text) =>
  new Float64Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
const givenX = numbersIn(given.x);
const givenY = numbersIn(given.y);
const element = (id) => document.getElementById(id);
const MOST_KEPT = 8;
const MOST_EPOCHS = 100000;
const MOST_VISITS = 2e7; // of points, in a run: half a second at most

// ---- State: all that the reader can change, as a text for the address and for undo.

const initial = {
  lr: given.lr,
  epoch: given.epochs,
  epochs: given.epochs,
  batch: given.batch,
  shuffled: given.shuffled,
  seed: 1,
  standardized: given.standardized,
  noise: null, // null: as given
  start: given.start,
  moved: {}, // y of points, by index
  added: [], // [x, y]
  deleted: [], // indices
  spoils: [], // [epoch, W, b]: where the fitted line was dragged
  keep: [], // settings of other runs, as text
  zoomed: false,
};

/** The settings of a run alone, without data and without other runs. */
function runText(s) {
  const parts = [
    ["lr", s.lr],
    ["epoch", s.epoch],
    ["epochs", s.epochs],
    ["batch", s.batch],
  ];
  parts.push(["order", s.shuffled ? "shuffled" : "fixed"]);
  if (s.seed !== 1) parts.push(["seed", s.seed]);
  parts.push(["standardized", s.standardized ? 1 : 0], ["start", s.start.join(",")]);
  if (s.spoils.length) parts.push(["dragged", s.spoils.map((each) => each.join(":")).join(",")]);
  return parts.map(([name, value]) => `${name}=${value}`).join("&");
}

function stateText(s) {
  const parts = [runText(s)];
  const add = (name, list) => list.length && parts.push(`${name}=${list.join(",")}`);
  if (s.noise !== null) parts.push(`noise=${s.noise}`);
  add(
    "moved",
    Object.entries(s.moved).map((each) => each.join(":")),
  );
  add(
    "added",
    s.added.map((each) => each.join(":")),
  );
  add("deleted", s.deleted);
  if (s.zoomed) parts.push("zoom=1");
  for (const run of s.keep) parts.push(`keep=${encodeURIComponent(run)}`);
  return parts.join("&");
}

/** The state that a text describes, and the parts of the text that have no meaning here. */
function stateOf(text) {
  const s = structuredClone(initial);
  const wrong = [];
  const whole = (value, low, high) => Number.isInteger(value) && value >= low && value <= high;
  const lists = (value, length) =>
    value.split(",").map((each) => {
      const numbers = each.split(":").map(Number);
      if (numbers.length !== length || !numbers.every(Number.isFinite)) throw new RangeError();
      return numbers;
    });
  const readers = {
    lr: (v, x) => x > 0 && Number.isFinite(x) && (s.lr = x),
    epoch: (v, x) => whole(x, 0, Infinity) && ((s.epoch = x), true),
    epochs: (v, x) => whole(x, 1, Infinity) && (s.epochs = x),
    batch: (v, x) => whole(x, 1, Infinity) && (s.batch = x),
    order: (v) => ["fixed", "shuffled"].includes(v) && ((s.shuffled = v === "shuffled"), true),
    seed: (v, x) => whole(x, 0, 2 ** 32) && ((s.seed = x), true),
    standardized: (v) => ["0", "1"].includes(v) && ((s.standardized = v === "1"), true),
    noise: (v, x) => given.synthetic && x >= 0 && Number.isFinite(x) && ((s.noise = x), true),
    start: (v) => (s.start = lists(v.replace(",", ":"), 2)[0]),
    moved: (v) => (s.moved = Object.fromEntries(lists(v, 2).filter(([i]) => i < givenX.length))),
    added: (v) => (s.added = lists(v, 2)),
    deleted: (v) => (s.deleted = lists(v, 1).map(([i]) => i)),
    dragged: (v) => (s.spoils = lists(v, 3).filter(([epoch]) => whole(epoch, 1, Infinity))),
    zoom: (v) => ((s.zoomed = v === "1"), true),
    keep: (v) => s.keep.length < MOST_KEPT && s.keep.push(runText(stateOf(v).state)),
  };
  for (const part of text.replace(/^#/, "").split("&").filter(Boolean)) {
    const [name, value = ""] = part.split("=");
    try {
      const plain = decodeURIComponent(value);
      if (!readers[name]?.(plain, plain.trim() === "" ? NaN : Number(plain))) wrong.push(part);
    } catch {
      wrong.push(part);
    }
  }
  if (!text.includes("epoch=") && text.includes("epochs=")) s.epoch = s.epochs;
  return { state: s, wrong };
}

let state = structuredClone(initial);
let committed = stateText(state);
const undone = []; // earlier states, the latest last
let chosen = -1; // the point that keys move
let playing = 0; // a timer
let model = null;

// ---- Model: what follows from the state. What costs time is kept until its causes change.

const memory = new Map();
function remembered(name, key, compute) {
  const known = memory.get(name);
  if (known && known.key === key) return known.value;
  const value = compute();
  memory.set(name, { key, value });
  return value;
}

/** The points as they are now: [x, y, what to call it: an index, or -1 - place among the added]. */
function pointsOf(s) {
  const points = [];
  const gone = new Set(s.deleted);
  for (let i = 0; i < givenX.length; i++) {
    if (gone.has(i)) continue;
    points.push([givenX[i], s.moved[i] ?? noisyY(s, i), i]);
  }
  s.added.forEach(([x, y], k) => points.push([x, y, -1 - k]));
  return points;
}

function noisyY(s, i) {
  if (s.noise === null || !given.synthetic) return givenY[i];
  const [slope, intercept, noise, seed] = given.synthetic;
  const line = slope * givenX[i] + intercept;
  if (noise > 0)
    return s.noise === noise ? givenY[i] : line + ((givenY[i] - line) / noise) * s.noise;
  return line + s.noise * remembered("noise", seed, () => normalNoise(givenX.length, seed))[i];
}

/** The line in the units of the data, of one in those of standardized x. */
const unscaled = ([weight, bias], { mean, spread }) => [
  weight / spread,
  bias - (weight * mean) / spread,
];
const scaled = ([weight, bias], { mean, spread }) => [weight * spread, bias + weight * mean];

function frameOf(s, standardized) {
  const points = remembered("points", JSON.stringify([s.moved, s.added, s.deleted, s.noise]), () =>
    pointsOf(s),
  );
  return remembered(`frame ${standardized}`, points, () => {
    const xs = Float64Array.from(points, (point) => point[0]);
    const ys = Float64Array.from(points, (point) => point[1]);
    const raw = coordinates(xs, ys);
    const frame = standardized ? coordinates(raw.z, ys) : raw;
    const size = dot(ys, ys);
    return Object.assign(frame, { points, unit: raw, onLine: frame.leastCost <= 1e-24 * size });
  });
}

const mostEpochs = (n) => Math.min(MOST_EPOCHS, Math.floor(MOST_VISITS / n));

/** A run and its end: frame, steps, map, limit. */
function runOf(s) {
  const frame = frameOf(s, s.standardized);
  const batch = Math.min(s.batch, frame.n);
  const epochs = Math.min(s.epochs, mostEpochs(frame.n));
  const key = (...more) => JSON.stringify([batch, s.shuffled, ...more]);
  const shuffled = s.shuffled && batch < frame.n;
  const settings = {
    lr: s.lr,
    epochs,
    batch,
    start: s.start,
    shuffled,
    seed: s.seed,
    spoils: s.spoils,
  };
  const steps = stepsOf(frame, batch);
  const map = composed(frame, steps, s.lr);
  const result = { ...settings, frame, steps, map, run: trained(frame, settings), key };
  if (shuffled) {
    result.orders = remembered(`orders ${s.standardized}`, frame, () => new Map());
    if (!result.orders.has(batch)) {
      const count = 2 * Math.round(Math.min(Math.max(4000 / frame.n, 2), 16));
      result.orders.set(
        batch,
        drawnOrders(frame.n, count).map((order) => stepsOf(frame, batch, order)),
      );
    }
    result.orders = result.orders.get(batch);
    const maps = result.orders.map((each) => composed(frame, each, s.lr));
    result.log = logMeanSquareRadius(meanSquareMap(maps.map((each) => each.m)));
    const e = [0, 1, 2, 3, 4, 5].map(
      (i) => maps.reduce((sum, each) => sum + each.e[i], 0) / maps.length,
    );
    result.limit =
      result.log < 0
        ? solved(
            [
              [e[0], e[1]],
              [e[3], e[4]],
            ],
            [-e[2], -e[5]],
          )
        : null;
  } else {
    result.orders = [steps];
    result.log = logRadius(frame, map);
    // A rate of which float64 cannot tell whether it converges is not said to.
    result.limit = result.log < 0 ? fixedPoint(frame, steps, s.lr, map) : null;
  }
  result.limitCost = result.limit && frame.leastCost + excessAt(frame, result.limit);
  return result;
}

function modelOf(s) {
  const m = runOf(s);
  const { frame, batch, shuffled, orders, epochs, start } = m;
  m.rates = remembered(
    "rates",
    JSON.stringify([batch, shuffled, s.standardized, [...frame.xs]]),
    () => {
      const safe = safeRate(frame, batch, shuffled);
      const diverging = shuffled
        ? shuffledThreshold(frame, batch, safe)
        : divergingRate(frame, m.steps, safe);
      return { safe, diverging };
    },
  );
  const { safe, diverging } = m.rates;
  const curveKey = JSON.stringify([batch, shuffled, s.standardized, epochs, start]);
  const curves = remembered("curves", frame, () => new Map());
  if (!curves.has(curveKey)) {
    curves.clear();
    const best = bestRate(frame, orders, epochs, start, safe);
    const low = Math.min(best / 20, safe / 1000);
    const high = 2 * Math.min(diverging, 1e6 * safe);
    const rates = [
      ...geometric(low, 0.3 * safe, shuffled ? 40 : 90),
      ...geometric(0.305 * safe, high, shuffled ? 60 : 150),
    ];
    const points = rates.map((lr) => [
      lr,
      frame.leastCost + finalExcess(frame, orders, lr, epochs, start),
    ]);
    const bestCost = frame.leastCost + finalExcess(frame, orders, best, epochs, start);
    curves.set(curveKey, { best, bestCost, low, high, points });
  }
  m.curve = curves.get(curveKey);
  m.epoch = Math.min(s.epoch, m.run.last);
  m.line = [m.run.weights[m.epoch], m.run.biases[m.epoch]];
  m.costNow = m.run.costs[m.epoch];
  m.within = linesWithin(frame, m.line, inOrder(frame.n), batch, s.lr);
  m.least = [frame.least[0], frame.least[1]];
  m.kept = s.keep.map((text) => {
    const other = stateOf(text).state;
    return remembered(`kept ${text}`, frame.points, () => ({
      ...runOf({ ...s, ...other, ...dataOf(s) }),
      standardized: other.standardized,
    }));
  });
  return m;
}

const dataOf = ({ moved, added, deleted, noise, keep }) => ({ moved, added, deleted, noise, keep });

function shuffledThreshold(frame, batch, safe) {
  const count = 2 * Math.round(Math.min(Math.max(10000 / frame.n, 8), 200));
  const orders = drawnOrders(frame.n, count).map((order) => stepsOf(frame, batch, order));
  const log = (lr) =>
    logMeanSquareRadius(meanSquareMap(orders.map((each) => composed(frame, each, lr).m)));
  return firstRate(safe, 1.05, (lr) => !(log(lr) < 0));
}
