// The page: what the reader changes (state), what follows (model), and how it is shown.

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

// ---- Numbers as words.

const MINUS = "\u2212";
const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const raised = (number) =>
  String(number).replace(/./g, (c) => (c === "-" ? "\u207b" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]));

/** A number to some significant digits, thousands separated, no zeros at the end. */
function four(value, digits = 4, most = 1e7) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? `${MINUS}∞` : "undefined";
  if (value === 0) return "0";
  const size = Math.abs(Number(value.toPrecision(digits)));
  const sign = value < 0 ? MINUS : "";
  if (size >= most || size < 1e-4) {
    const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
    return `${sign}${Number(mantissa) === 1 ? "" : `${Number(mantissa)}×`}10${raised(Number(exponent))}`;
  }
  return sign + size.toLocaleString("en-US", { maximumSignificantDigits: digits });
}

/** W and b, with the same number of decimals. */
function decimals(value) {
  const size = Math.abs(value);
  if (!(size < 1e6) || (size !== 0 && size < 1e-3)) return four(value, 3);
  return (
    (value < 0 ? MINUS : "") +
    size.toLocaleString("en-US", { minimumFractionDigits: 3, maximumFractionDigits: 3 })
  );
}

function equation([weight, bias]) {
  const slope = weight === 1 ? "" : weight === -1 ? MINUS : decimals(weight);
  const sign = bias < 0 ? MINUS : "+";
  return `y = ${slope}${/10[⁰-⁹¹²³⁻]/.test(slope) ? "·" : ""}x ${sign} ${decimals(Math.abs(bias))}`;
}

/** A cost with digits enough to tell it from the lowest. */
function costText(cost, lowest) {
  for (let digits = 4; digits < 9; digits++)
    if (cost === lowest || four(cost, digits) !== four(lowest, digits)) return four(cost, digits);
  return four(cost);
}

function times(ratio) {
  for (const [size, word] of [
    [1e12, "trillion"],
    [1e9, "billion"],
    [1e6, "million"],
  ])
    if (ratio >= size && ratio < 1000 * size) return `${four(ratio / size, 2)} ${word} times`;
  return `${four(ratio, ratio < 1000 ? 3 : 2)} times`;
}

/** How far a cost is above the lowest possible. */
function above(cost, m) {
  const { leastCost, onLine } = m.frame;
  if (onLine)
    return cost <= 1e-18 * m.run.costs[0] ? "which is 0 to rounding" : "where 0 is possible";
  const ratio = cost / leastCost;
  if (ratio - 1 < 5e-7) return "the lowest possible to six digits";
  if (ratio < 2) return `${four(100 * (ratio - 1), 2)}% above the lowest possible`;
  return `${times(ratio)} the lowest possible`;
}

const rateText = (lr) => (lr < 1e-4 || lr >= 1e7 ? four(lr, 3) : four(lr, 4));
/** A limit, never rounded up. */
function below(value) {
  const rounded = Number(value.toPrecision(3));
  return rateText(rounded <= value ? rounded : Number((value * (1 - 5e-3)).toPrecision(3)));
}
/** A threshold, never rounded down. */
function atLeast(value) {
  const rounded = Number(value.toPrecision(4));
  const digit = 10 ** (Math.floor(Math.log10(value)) - 3);
  return rateText(rounded >= value ? rounded : Number((rounded + digit).toPrecision(4)));
}
const count = (number, word) =>
  `${number < 1e15 ? Math.ceil(number).toLocaleString("en-US") : four(number, 2)} ${word}${number === 1 ? "" : "s"}`;
const percent = (share) =>
  share > 0.9995
    ? "more than 99.9%"
    : share < 0.0005
      ? "less than 0.1%"
      : `${four(100 * share, 3)}%`;

// ---- The sentence. Each part says only what the numbers of this run say.

function sentence(m) {
  return { now: `${whereItIs(m)} ${whereItGoes(m)}`, why: `${whyNot(m)} ${whatTheRateDoes(m)}` };
}

function whereItIs(m) {
  const { run, epoch, costNow } = m;
  if (run.overflow !== null && epoch === run.last) {
    const last =
      run.last === 0
        ? "the start is all there is to see"
        : `the last cost before that is ${four(costNow, 2)}`;
    return `The run overflows in epoch ${run.overflow.toLocaleString("en-US")}: its numbers leave float64; ${last}.`;
  }
  const subject =
    epoch === 0
      ? `The start, ${equation(m.line)},`
      : `After ${count(epoch, "epoch")} the fitted line`;
  return `${subject} has cost ${costText(costNow, m.frame.leastCost)}, ${above(costNow, m)}.`;
}

/** Where the distance is measured from: the start, or where the line was dragged to last. */
function originOf(m) {
  const dragged = m.spoils.filter(([epoch]) => epoch <= m.epoch).pop();
  return dragged ? { epoch: dragged[0], line: dragged.slice(1) } : { epoch: 0, line: m.start };
}

function whereItGoes(m) {
  const { frame, run, epoch, limit, log, shuffled } = m;
  if (limit === null) {
    if (log < 0 || (!Number.isFinite(log) && m.lr <= m.rates.safe))
      return "Where it is heading cannot be told in double precision.";
    if (shuffled)
      return "It diverges: over all orders, the mean square of its distance from least squares grows with every epoch.";
    if (log < 1e-12)
      return "It neither converges nor diverges: an epoch leaves the distance as it is.";
    const factor =
      log < 600
        ? `each epoch multiplies the distance by ${four(Math.exp(log), 3)} in the long run`
        : "one epoch stretches beyond float64";
    const end =
      run.overflow === null
        ? ""
        : ` It overflows in epoch ${run.overflow.toLocaleString("en-US")}.`;
    return `It diverges: ${factor}.${epoch === run.last ? "" : end}`;
  }
  if (run.overflow !== null)
    return "In the long run each epoch would contract, but its single steps magnify beyond float64 first.";
  const origin = originOf(m);
  const away = (line) => {
    const [rise, height] = offsetOf(frame, line);
    return distance(frame, [rise - limit[0], height - limit[1]]);
  };
  const from = away(origin.line);
  const share = from > 0 ? 1 - away(m.line) / from : 1;
  const since = origin.epoch > 0 ? " since the line was dragged" : "";
  if (shuffled) {
    const costs = run.costs.subarray(Math.floor(epoch / 2) + 1, epoch + 1);
    const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    const cloud = `hover around W = ${four(lineAt(frame, limit)[0], 3)}, b = ${four(lineAt(frame, limit)[1], 3)}`;
    if (share < 0.9)
      return `It has covered ${share < 0 ? "none" : percent(share)} of the distance${since} to the line around which shuffled runs at this rate hover.`;
    return `Its end-of-epoch lines ${cloud}; over the last ${count(costs.length, "epoch")} they cost ${four(mean, 3)} on average, ${above(mean, m)}.`;
  }
  if (epoch === 0) return `SGD converges to ${equation(lineAt(frame, limit))}.`;
  if (from === 0) return "It started where SGD converges to.";
  if (share < 0)
    return "It is farther from the line it converges to than it was at the start" + since + ".";
  const costDone = Math.abs(m.costNow - m.limitCost) <= 0.01 * m.limitCost + 1e-12 * run.costs[0];
  if (share >= 0.99)
    return costDone
      ? `It has converged: ${percent(share)} of the distance${since} is covered.`
      : `It has covered ${percent(share)} of the distance${since} to the line SGD converges to, which costs ${costText(m.limitCost, frame.leastCost)}.`;
  const left = epochsUntil(
    frame,
    m.map,
    limit,
    offsetOf(frame, m.line),
    0.01 / Math.max(1 - share, 1e-300),
  );
  const more =
    left < 1e12
      ? `; ${count(Math.max(left, 1), "more epoch")} bring it within 1%`
      : "; no number of epochs that can be run brings it within 1%";
  return `It has covered ${percent(share)} of the distance${since} to the line SGD converges to${more}.`;
}

function whyNot(m) {
  const { frame, run, limit, batch, shuffled, limitCost } = m;
  const steps = Math.ceil(frame.n / batch);
  const many = steps.toLocaleString("en-US");
  if (steps === 1)
    return limit
      ? "Each step sees all the points, so SGD converges to the least-squares line itself."
      : "";
  if (frame.onLine) return limit ? "All the points lie on one line, and SGD converges to it." : "";
  if (shuffled)
    return limit
      ? `The lines do not come to rest: each epoch takes its ${many} steps in another order, and each step moves the line towards its own ${batch === 1 ? "point" : "batch"}.`
      : "";
  if (!limit) return "";
  const weights = linesWithin(frame, lineAt(frame, limit), inOrder(frame.n), batch, m.lr).map(
    (line) => line[0],
  );
  const [low, high] = [Math.min(...weights), Math.max(...weights)];
  let digits = 3;
  while (digits < 12 && four(low, digits) === four(high, digits)) digits++;
  const there = costText(limitCost, frame.leastCost);
  const known = there === costText(m.costNow, frame.leastCost);
  const worse = limitCost > run.costs[0] ? ", more than the start" : "";
  const costs = known
    ? worse
      ? "That is more than the start costs."
      : ""
    : `That line costs ${there}, ${above(limitCost, m)}${worse}.`;
  return `${costs} SGD moves after every ${batch === 1 ? "point" : "batch"}: the ${many} gradients of an epoch are measured at ${many} different lines and do not cancel at least squares. In the end every epoch runs round a closed loop, W from ${four(low, digits)} to ${four(high, digits)}.`;
}

function whatTheRateDoes(m) {
  const { lr, batch, frame, shuffled } = m;
  const { safe, diverging } = m.rates;
  const whole = batch >= frame.n;
  const own = whole ? "the points" : batch === 1 ? "its own point" : "its own batch";
  const rate = `The rate ${rateText(lr)}`;
  const threshold = Number.isFinite(diverging)
    ? `training diverges from ${shuffled ? "about " + four(diverging, 2) : atLeast(diverging)}`
    : "";
  const valley = conditionNumber(frame);
  const long =
    valley > 1e4
      ? ` x is so far from 0, or of such a scale, that the valley of the cost is long and narrow (condition number ${four(valley, 2)}); standardizing x makes it round.`
      : "";
  const goal = batch === 1 ? "the line without error at its point" : "the minimum of its batch";
  if (lr <= safe / 2)
    return `${rate} is safe (limit ${below(safe)}): no step passes ${goal}.${long}`;
  if (lr <= safe)
    return `${rate} is safe (limit ${below(safe)}): some steps pass ${goal}, but none increases the error there.${long}`;
  const over = `${rate} is ${times(lr / safe)} the safe limit ${below(safe)}`;
  if (m.limit === null)
    return whole
      ? `${over}, from which on training diverges.${long}`
      : `${over}; ${threshold}.${long}`;
  if (lr >= diverging && !shuffled)
    return `${over} and above the threshold ${atLeast(diverging)}, but in a window in which epochs contract again.`;
  return `${over}: some steps increase the error of ${own}, though whole epochs contract; ${threshold}.`;
}

// ---- Drawing.

const HUGE = 1e5; // pixels: what lies farther out is drawn there

/** A linear or logarithmic scale of values on pixels. */
function scaleOf(low, high, from, to, kind = "linear") {
  const forth = { linear: (v) => v, log: (v) => Math.log10(v), epoch: (v) => Math.log1p(v) }[kind];
  const back = { linear: (v) => v, log: (v) => 10 ** v, epoch: (v) => Math.expm1(v) }[kind];
  const [a, b] = [forth(low), forth(high)];
  const at = (value) => {
    const pixel = from + ((forth(value) - a) / (b - a)) * (to - from);
    return Math.max(-HUGE, Math.min(HUGE, Number.isNaN(pixel) ? -HUGE : pixel));
  };
  return {
    low,
    high,
    from,
    to,
    kind,
    at,
    value: (place_) => back(a + ((place_ - from) / (to - from)) * (b - a)),
  };
}

function ticksOf({ low, high, from, to, kind }, spacing) {
  const room = Math.max(2, Math.floor(Math.abs(to - from) / spacing));
  if (kind === "epoch") {
    const ticks = [0];
    for (let t = 1; t < high; t *= 10) ticks.push(t);
    while (
      ticks.length > 1 &&
      Math.log1p(high) - Math.log1p(ticks[ticks.length - 1]) < Math.log1p(high) / 12
    )
      ticks.pop();
    return [...ticks, high];
  }
  if (kind === "log") {
    const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
    const every = Math.max(1, Math.ceil((last - first + 1) / room));
    const ticks = [];
    for (let k = Math.ceil(first / every) * every; k <= last; k += every)
      ticks.push(Number(`1e${k}`));
    if (ticks.length > 1) return ticks;
    const few = [];
    for (let k = first - 1; k <= last; k++)
      for (const digit of [1, 2, 5]) few.push(Number(`${digit}e${k}`));
    const inside = few.filter((tick) => tick >= low && tick <= high);
    return inside.length > 1 ? inside : ticksOf({ low, high, from, to, kind: "linear" }, spacing);
  }
  const rough = (high - low) / room;
  const power10 = 10 ** Math.floor(Math.log10(rough));
  const every = [1, 2, 5, 10].map((digit) => digit * power10).find((size) => size >= rough * 0.999);
  const ticks = [];
  for (let k = Math.ceil(low / every); k * every <= high && ticks.length < 30; k++)
    ticks.push(k * every);
  return ticks;
}

function tickTexts(ticks, kind) {
  if (kind === "log") return ticks.map((tick) => four(tick, 3, 1e6));
  if (kind === "epoch") return ticks.map((tick) => tick.toLocaleString("en-US"));
  const every = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  const most = Math.max(...ticks.map(Math.abs));
  if (most >= 1e13 || every < 1e-6) return ticks.map((tick) => four(tick, 5));
  const places = Math.min(Math.max(0, -Math.floor(Math.log10(every) + 1e-9)), 10);
  const options = { minimumFractionDigits: places, maximumFractionDigits: places };
  return ticks.map(
    (tick) => (tick < 0 ? MINUS : "") + Math.abs(tick).toLocaleString("en-US", options),
  );
}

const px = (value) => Math.round(value * 10) / 10;
const text = (x, y, words, classes = "", anchor = "start") =>
  `<text x="${px(x)}" y="${px(y)}" class="${classes}" text-anchor="${anchor}">${escaped(words)}</text>`;
const path = (points, classes) =>
  points.length
    ? `<path class="${classes}" d="M${points.map(([x, y]) => `${px(x)} ${px(y)}`).join("L")}"/>`
    : "";
const segment = (x1, y1, x2, y2, classes) =>
  path(
    [
      [x1, y1],
      [x2, y2],
    ],
    classes,
  );
const circle = (x, y, r, classes) =>
  `<circle class="${classes}" cx="${px(x)}" cy="${px(y)}" r="${r}"/>`;
const cross = (x, y) => `<path class="least" d="M${px(x - 5)} ${px(y - 5)}l10 10m0 -10l-10 10"/>`;

function axes(x, y, xName, yName) {
  const bottom = Math.max(y.from, y.to);
  const top = Math.min(y.from, y.to);
  let drawn = `<path class="axis" d="M${x.from} ${top}V${bottom}H${x.to}"/>`;
  let [xTicks, xTexts] = [[], []];
  for (let spacing = 50; spacing < 400; spacing *= 1.4) {
    xTicks = ticksOf(x, spacing);
    xTexts = tickTexts(xTicks, x.kind);
    const widest = Math.max(...xTexts.map((words) => words.length)) * 6.6 + 10;
    if (
      x.kind === "epoch" ||
      xTicks.length < 2 ||
      Math.abs(x.at(xTicks[1]) - x.at(xTicks[0])) > widest
    )
      break;
  }
  xTicks.forEach((tick, i) => {
    const at = x.at(tick);
    const wide = xTexts[i].length * 3.3;
    drawn += `<path class="axis" d="M${px(at)} ${bottom}v4"/>`;
    drawn += text(Math.min(at, x.to + 10 - wide), bottom + 17, xTexts[i], "", "middle");
  });
  const yTicks = ticksOf(y, y.kind === "log" ? 40 : 32);
  const yTexts = tickTexts(yTicks, y.kind);
  const long = yTexts.some((words) => words.length > 8);
  (long ? yTicks.map((tick) => four(tick, 3, 1e5)) : yTexts).forEach((words, i) => {
    const at = y.at(yTicks[i]);
    drawn +=
      `<path class="axis" d="M${x.from} ${px(at)}h-4"/>` +
      text(x.from - 7, at + 4, words, "", "end");
  });
  return drawn + text(x.to, bottom + 32, xName, "", "end") + text(4, 11, yName);
}

/** The room of a panel: its svg, its size, and a group for all that is drawn anew. */
function panel(id) {
  const svg = document.querySelector(`#${id} > svg`);
  const group = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "g"));
  return {
    svg,
    draw(markup) {
      group.innerHTML = markup;
    },
    room(left = 64, right = 14, top = 20, bottom = 38) {
      const width = svg.clientWidth || 400;
      const height = svg.clientHeight || 240;
      return { width, height, left, right: width - right, top, bottom: height - bottom };
    },
  };
}

const panels = Object.fromEntries(
  ["points", "plane", "costs", "rates"].map((id) => [id, panel(id)]),
);
const scales = {}; // of each panel, as drawn last
let frozen = false; // while something is dragged, the axes stay

/** A group that is clipped to the panel's axes. */
const clipped = (id, room, markup) =>
  `<clipPath id="clip-${id}"><rect x="${room.left}" y="${room.top}" width="${Math.max(room.right - room.left, 1)}" height="${Math.max(room.bottom - room.top, 1)}"/></clipPath><g clip-path="url(#clip-${id})">${markup}</g>`;

const widened = (low, high, share) => {
  const more = (high - low || Math.abs(high) || 1) * share;
  return [low - more, high + more];
};
const extent = (values) => {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
};

/** A line's y at some x, from least squares, which far from zero keeps its digits. */
function heightAt(frame, line, x) {
  const [rise, height] = offsetOf(frame, line);
  const z = (x - frame.mean) / frame.spread;
  const [yMean] = [frame.yMean];
  return yMean + frame.least[0] * (x - frame.mean) + rise * z + height;
}

function drawPoints(m) {
  const { frame } = m;
  const room = panels.points.room(64, 96);
  if (!frozen || !scales.points) {
    const [low, high] = widened(...extent(frame.xs), 0.04);
    const ends = [heightAt(frame, m.least, low), heightAt(frame, m.least, high)];
    const [yLow, yHigh] = widened(...extent([...frame.ys, ...ends]), 0.08);
    scales.points = {
      x: scaleOf(low, high, room.left, room.right),
      y: scaleOf(yLow, yHigh, room.bottom, room.top),
    };
  }
  const { x, y } = scales.points;
  const r = frame.n > 300 ? 2 : frame.n > 120 ? 2.5 : 3.5;
  let [errors, dots] = ["", ""];
  let worst = { size: 0 };
  for (let i = 0; i < frame.n; i++) {
    const [at, from, to] = [
      x.at(frame.xs[i]),
      y.at(frame.ys[i]),
      y.at(heightAt(frame, m.line, frame.xs[i])),
    ];
    errors += `M${px(at)} ${px(from)}V${px(to)}`;
    dots += `M${px(at - r)} ${px(from)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
    const size = Math.abs(Math.min(Math.max(to, room.top), room.bottom) - from);
    const inside = at > room.left + 20 && at < room.right - 40;
    if (inside && size > worst.size)
      worst = { size, at, middle: (from + Math.min(Math.max(to, room.top), room.bottom)) / 2 };
  }
  const ends = (line) => [x.low, x.high].map((at) => [x.at(at), y.at(heightAt(frame, line, at))]);
  const kept = m.kept.map((other, k) => {
    const points = ends(inUnitsOf(m, other, other.run.last));
    return (
      path(points, `kept k${k + 1}`) +
      text(points[0][0] + 4, points[0][1] - 3, k + 1, "number halo")
    );
  });
  const [fit, least] = [ends(m.line), ends(m.least)];
  const strength = frame.n > 120 ? 0.45 : 0.8;
  let drawn = `<path class="error" stroke-opacity="${strength}" d="${errors}"/>`;
  drawn +=
    path(least, "least") + kept.join("") + `<path class="point" d="${dots}"/>` + path(fit, "fit");
  let labels =
    worst.size > 30 ? text(worst.at + 5, worst.middle + 4, "error", "error-text halo") : "";
  labels += lineLabels(room, fit, least);
  if (chosen >= 0 && chosen < frame.n)
    drawn += circle(x.at(frame.xs[chosen]), y.at(frame.ys[chosen]), r + 4, "chosen");
  const xName = `${given.xName}${state.standardized ? ", standardized" : ""}`;
  panels.points.draw(axes(x, y, xName, given.yName) + clipped("points", room, drawn) + labels);
  const middle = (x.low + x.high) / 2;
  [x.low * 0.93 + x.high * 0.07, middle, x.low * 0.07 + x.high * 0.93].forEach((at, k) => {
    const height = y.at(heightAt(frame, m.line, at));
    place(lineHandles[k], x.at(at), height, height > room.top - 6 && height < room.bottom + 6);
  });
  if (chosen >= frame.n) chosen = -1;
  const i = Math.max(chosen, 0);
  place(pointHandle, x.at(frame.xs[i]), y.at(frame.ys[i]), true);
  pointHandle.setAttribute("r", r + 5);
  named(
    pointHandle,
    i + 1,
    1,
    frame.n,
    `point ${i + 1} of ${frame.n}: x ${four(frame.xs[i])}, y ${four(frame.ys[i])}`,
  );
}

/** The names of the two lines beside their right ends, far enough apart to be read. */
function lineLabels(room, fit, least) {
  const held = (at) => Math.min(Math.max(at, room.top + 4), room.bottom);
  let [fitAt, leastAt] = [held(fit[1][1]), held(least[1][1])];
  const middle = (fitAt + leastAt) / 2;
  const sign = fitAt <= leastAt ? -1 : 1;
  if (Math.abs(fitAt - leastAt) < 15) [fitAt, leastAt] = [middle + 7.5 * sign, middle - 7.5 * sign];
  const outside = fit[1][1] < room.top ? " ↑" : fit[1][1] > room.bottom ? " ↓" : "";
  const x = room.right + 6;
  return (
    text(x, fitAt + 4, `fitted line${outside}`, "fit-text") +
    text(x, leastAt + 4, "least squares", "least-text")
  );
}

/** Another run's line in the units of the run that is shown. */
function inUnitsOf(m, other, epoch) {
  const line = [other.run.weights[epoch], other.run.biases[epoch]];
  if (other.standardized === state.standardized) return line;
  return other.standardized ? unscaled(line, m.frame.unit) : scaled(line, m.frame.unit);
}

function planeWindow(m) {
  const { frame, limit, run } = m;
  const points = [m.least];
  const limitLine = limit && lineAt(frame, limit);
  if (state.zoomed && limitLine) {
    points.push(limitLine, ...linesWithin(frame, limitLine, inOrder(frame.n), m.batch, m.lr));
  } else {
    points.push(m.start);
    const most = 4 * Math.max(excessAt(frame, offsetOf(frame, m.start)), 1e-300);
    if (limitLine && excessAt(frame, limit) <= most) points.push(limitLine);
    for (const epoch of shownEpochs(run.last, 300)) {
      const line = [run.weights[epoch], run.biases[epoch]];
      if (excessAt(frame, offsetOf(frame, line)) <= most) points.push(line);
    }
  }
  return [0, 1].map((k) => {
    let [low, high] = extent(points.map((line) => line[k]));
    if (high - low < 1e-9 * Math.abs(m.least[k])) [low, high] = widened(low, high, 1e-6);
    const span = high - low || 1;
    // The bowl is closed: its other side is seen beyond least squares.
    return [
      Math.min(low, m.least[k] - 0.3 * span) - 0.1 * span,
      Math.max(high, m.least[k] + 0.3 * span) + 0.1 * span,
    ];
  });
}

function drawPlane(m) {
  const { frame, run, limit, epoch } = m;
  const room = panels.plane.room();
  if (!frozen || !scales.plane) {
    const [[wLow, wHigh], [bLow, bHigh]] = planeWindow(m);
    scales.plane = {
      x: scaleOf(wLow, wHigh, room.left, room.right),
      y: scaleOf(bLow, bHigh, room.bottom, room.top),
    };
  }
  const { x, y } = scales.plane;
  const at = ([weight, bias]) => [x.at(weight), y.at(bias)];
  const inside = ([px_, py]) =>
    px_ > room.left && px_ < room.right && py > room.top && py < room.bottom;
  let drawn = `<rect x="${room.left}" y="${room.top}" width="${room.right - room.left}" height="${room.bottom - room.top}" fill="var(--high)"/>`;
  let numbers = "";
  // Contours from the costliest corner down, each a quarter of the excess of the one outside.
  const corners = [x.low, x.high].flatMap((w) =>
    [y.low, y.high].map((b) => excessAt(frame, offsetOf(frame, [w, b]))),
  );
  const top = Math.max(...corners);
  const levels = [1, 2, 3, 4, 5, 6, 7].map((k) => top / 4 ** k);
  const rings = [];
  levels.forEach((level, k) => {
    const radius = Math.sqrt(level / frame.n);
    const ring = Array.from({ length: 97 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 96;
      return at(lineAt(frame, [radius * Math.cos(angle), radius * Math.sin(angle)]));
    });
    const shade = Math.round(100 * (1 - (k + 1) / levels.length));
    drawn += path(ring, "contour").replace(
      "<path",
      `<path fill="color-mix(in oklab, var(--high) ${shade}%, var(--low))"`,
    );
    rings.push([ring, four(frame.leastCost + level, 2)]);
  });
  const shown = shownEpochs(run.last, 800);
  const lineAtEpoch = (e) => at([run.weights[e], run.biases[e]]);
  const done = shown.filter((e) => e <= epoch);
  if (done[done.length - 1] !== epoch) done.push(epoch);
  m.kept.forEach((other, k) => {
    const points = shownEpochs(other.run.last, 400).map((e) => at(inUnitsOf(m, other, e)));
    const end = points[points.length - 1];
    drawn +=
      path(points, `kept k${k + 1}`) +
      (inside(end) ? text(end[0] + 6, end[1] + 4, k + 1, "number halo") : "");
  });
  drawn += path(shown.map(lineAtEpoch), "path faint") + path(done.map(lineAtEpoch), "path");
  const within = m.within.map(at);
  const [loopX, loopY] = [extent(within.map((p) => p[0])), extent(within.map((p) => p[1]))];
  const loopSize = Math.hypot(loopX[1] - loopX[0], loopY[1] - loopY[0]);
  if (loopSize > 14) drawn += path(within, "loop");
  let labels = "";
  const seen = new Set([four(frame.leastCost, 2)]); // numbers of contours
  const taken = [];
  /** A label beside a place, on the first side that is free. */
  const label = (p, words, classes) => {
    if (!inside(p)) return;
    const wide = words.length * (classes.startsWith("fit") ? 7.8 : 7);
    const sides = [
      [9, 4, "start"],
      [-9, 4, "end"],
      [9, 18, "start"],
      [9, -9, "start"],
      [-9, 18, "end"],
      [-9, -9, "end"],
      [9, 32, "start"],
      [-9, 32, "end"],
    ];
    for (const [dx, dy, anchor] of sides) {
      const left = anchor === "start" ? p[0] + dx : p[0] + dx - wide;
      const box = [left, p[1] + dy - 11, left + wide, p[1] + dy + 3];
      if (
        box[0] < room.left + 2 ||
        box[2] > room.right - 2 ||
        box[1] < room.top ||
        box[3] > room.bottom
      )
        continue;
      if (taken.some((o) => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1]))
        continue;
      taken.push(box);
      labels += text(p[0] + dx, p[1] + dy, words, classes, anchor);
      return;
    }
  };
  const leastAt = at(m.least);
  const limitAt = limit && at(lineAt(frame, limit));
  const now = at(m.line);
  for (const p of [leastAt, limitAt, now, at(m.start)])
    if (p) taken.push([p[0] - 6, p[1] - 6, p[0] + 6, p[1] + 6]);
  drawn += cross(...leastAt);
  if (limitAt)
    drawn += `<path class="limit" d="M${px(limitAt[0])} ${px(limitAt[1] - 6)}l6 6l-6 6l-6 -6z"/>`;
  label(leastAt, `least squares ${four(frame.leastCost, 4)}`, "least-text halo");
  if (limitAt) {
    const words = m.shuffled ? "shuffled lines hover here" : "SGD converges to";
    label(
      limitAt,
      `${words}${Math.hypot(limitAt[0] - now[0], limitAt[1] - now[1]) < 8 ? "" : ` ${costText(m.limitCost, frame.leastCost)}`}`,
      "fit-text halo",
    );
  }
  if (epoch > 0) label(at(m.start), "start", "halo");
  label(now, epoch === 0 ? "start" : `epoch ${epoch.toLocaleString("en-US")}`, "fit-text halo");
  drawn += circle(...now, 4.5, "dot");
  let before = at(m.start);
  for (let tick = 1; tick < run.last; tick *= 10) {
    const p = lineAtEpoch(tick);
    if (
      !inside(p) ||
      Math.hypot(p[0] - before[0], p[1] - before[1]) < 20 ||
      Math.hypot(p[0] - now[0], p[1] - now[1]) < 16
    )
      continue;
    before = p;
    taken.push([p[0] - 3, p[1] - 3, p[0] + 3, p[1] + 3]);
    drawn += circle(...p, 2.5, "dot");
    label(p, tick.toLocaleString("en-US"), "fit-text halo");
  }
  if (loopSize > 40) {
    const far = within.reduce((best, p) => (inside(p) && p[1] < best[1] ? p : best), [0, Infinity]);
    if (inside(far)) label(far, "steps of the next epoch", "halo");
  }
  // Contours are numbered where they are lowest in the panel, and free.
  for (const [ring, words] of rings) {
    const wide = words.length * 3.5;
    const box = (p) => [p[0] - wide, p[1] - 8, p[0] + wide, p[1] + 6];
    const free = (p) => {
      const [left, top_, right, bottom] = box(p);
      const within_ =
        left > room.left + 4 &&
        right < room.right - 4 &&
        top_ > room.top + 4 &&
        bottom < room.bottom - 2;
      return (
        within_ &&
        taken.every((o) => left > o[2] + 8 || right < o[0] - 8 || top_ > o[3] || bottom < o[1])
      );
    };
    const [spot] = ring.filter(free).sort((p, q) => q[1] - p[1]);
    if (!spot || seen.has(words) || seen.size > 4) continue;
    seen.add(words);
    taken.push(box(spot));
    numbers += text(spot[0], spot[1] + 4, words, "contour-text", "middle");
  }
  if (!inside(now))
    labels += text(
      room.right - 6,
      room.bottom - 8,
      `epoch ${epoch.toLocaleString("en-US")} is far outside: W = ${four(m.line[0], 2)}, b = ${four(m.line[1], 2)}`,
      "fit-text halo",
      "end",
    );
  const names = state.standardized ? ["W (of standardized x)", "b"] : ["W", "b"];
  panels.plane.draw(clipped("plane", room, drawn + numbers) + axes(x, y, ...names) + labels);
  place(startHandle, ...at(m.start), inside(at(m.start)));
  named(
    startHandle,
    m.start[0],
    x.low,
    x.high,
    `start: W ${four(m.start[0])}, b ${four(m.start[1])}`,
  );
}

/** Epochs that a curve over the logarithm of the epoch passes through, all where there are few. */
function shownEpochs(last, most) {
  if (last <= most) return Array.from({ length: last + 1 }, (_, i) => i);
  const epochs = new Set();
  for (let k = 0; k <= most; k++) epochs.add(Math.round(Math.expm1((k / most) * Math.log1p(last))));
  return [...epochs];
}

/** The ends of a log scale on which something can be written under the lowest value. */
function withRoomBelow(low, high, { top, bottom }) {
  const share = 22 / Math.max(bottom - top - 22, 22);
  return [Math.max(low / (high / low) ** share, 1e-305), high];
}

function drawCosts(m) {
  const { run, frame, epoch } = m;
  const room = panels.costs.room();
  const [costLow, costHigh] = extent(run.costs.subarray(0, run.last + 1));
  const floor = frame.onLine ? Math.max(costLow, costHigh * 1e-20, 1e-300) : frame.leastCost;
  const most = Math.max(costHigh, floor * 1.5);
  const [low, high] = withRoomBelow(floor, Math.min(most * (most / floor) ** 0.07, 1.7e308), room);
  const x = scaleOf(0, m.epochs, room.left, room.right, "epoch");
  const y = scaleOf(low, high, room.bottom, room.top, "log");
  scales.costs = { x, y };
  const points = (r, epochs) => epochs.map((e) => [x.at(e), y.at(Math.max(r.costs[e], low))]);
  const shown = shownEpochs(run.last, 800);
  const done = shown.filter((e) => e <= epoch);
  if (done[done.length - 1] !== epoch) done.push(epoch);
  let drawn = "";
  let labels = "";
  const lowestAt = y.at(frame.leastCost);
  const lowest = frame.onLine
    ? "lowest possible 0 (below this panel)"
    : `lowest possible ${four(frame.leastCost)}`;
  if (!frame.onLine) drawn += segment(x.from, lowestAt, x.to, lowestAt, "least-dash");
  labels += text(
    x.from + 8,
    frame.onLine ? room.bottom - 6 : lowestAt + 14,
    lowest,
    "least-text halo",
  );
  if (m.limitCost > 0 && !m.shuffled && !frame.onLine) {
    const at = y.at(m.limitCost);
    if (Math.abs(at - lowestAt) > 16 && at > room.top + 14) {
      drawn += segment(x.from + (x.to - x.from) * 0.6, at, x.to, at, "mark");
      const words = `converges to ${costText(m.limitCost, frame.leastCost)}`;
      if (Math.abs(at - y.at(m.costNow)) > 18 || x.at(epoch) < x.to - 220)
        labels += text(x.to - 4, at + 14, words, "halo", "end");
    }
  }
  const used = [];
  m.kept.forEach((other, k) => {
    const last = Math.min(other.run.last, m.epochs);
    const curve = points(other.run, shownEpochs(last, 400));
    drawn += path(curve, `kept k${k + 1}`);
    const end = curve[curve.length - 1];
    let numberAt = Math.max(end[1], room.top + 4) + 4;
    while (used.some((other_) => Math.abs(other_ - numberAt) < 12)) numberAt -= 12;
    used.push(numberAt);
    labels += text(Math.min(end[0], room.right) + 5, numberAt, k + 1, "number");
  });
  drawn += path(points(run, shown), "cost-line faint") + path(points(run, done), "cost-line");
  const now = [x.at(epoch), y.at(Math.max(m.costNow, low))];
  drawn += circle(...now, 4.5, "cost-dot");
  const left = now[0] > (room.left + room.right) / 2;
  const words = `cost ${costText(m.costNow, frame.leastCost)}`;
  const wide = words.length * 8 + 12;
  const beside = points(run, shown).filter(([at]) =>
    left ? at > now[0] - wide && at <= now[0] : at >= now[0] && at < now[0] + wide,
  );
  const over = Math.min(now[1], ...beside.map((p) => p[1])) - 9;
  labels += text(
    now[0] + (left ? -8 : 8),
    Math.max(over, room.top + 10),
    words,
    "cost-text halo",
    left ? "end" : "start",
  );
  if (run.overflow !== null) {
    const end = x.at(run.last);
    drawn += segment(end, room.top, end, room.bottom, "mark");
    const right = end > (room.left + room.right) / 2;
    labels += text(
      end + (right ? -8 : 8),
      (room.top + room.bottom) / 2,
      `overflows in epoch ${run.overflow.toLocaleString("en-US")}`,
      "halo",
      right ? "end" : "start",
    );
  }
  panels.costs.draw(
    axes(x, y, "epoch (log)", "cost (log)") +
      clipped("costs", { ...room, right: room.right + 6, top: room.top - 6 }, drawn) +
      labels,
  );
  panels.costs.svg.setAttribute(
    "aria-label",
    `Cost from ${four(run.costs[0])} at the start to ${four(run.costs[run.last])} after ${count(run.last, "epoch")}; lowest possible ${four(frame.leastCost)}.`,
  );
  under("epoch-slider", room);
}

/** Puts a slider's track under its panel's axis; the thumb is 16 pixels wide. */
function under(id, { left, right, width }) {
  const slider = element(id);
  slider.style.marginLeft = `${left - 8}px`;
  slider.style.marginRight = `${width - right - 8}px`;
  slider.style.flexBasis = `${right - left + 16}px`;
}

function drawRates(m) {
  const { frame, curve, lr } = m;
  const { safe, diverging } = m.rates;
  const room = panels.rates.room(64, 14, 36);
  const x = scaleOf(curve.low, curve.high, room.left, room.right, "log");
  const costs = curve.points.map(([, cost]) => cost).filter(Number.isFinite);
  const least = frame.onLine ? Math.max(m.run.costs[0], 1e-280) * 1e-16 : frame.leastCost;
  const first = Math.max(m.run.costs[0], Math.min(...costs), least * 2);
  const [low, high] = withRoomBelow(least, 3 * first, room);
  const y = scaleOf(low, high, room.bottom, room.top, "log");
  scales.rates = { x, y };
  const at = (cost) => y.at(Math.min(Math.max(cost, low), Number.MAX_VALUE));
  let [drawn, labels] = ["", ""];
  const safeAt = x.at(safe);
  const divergingAt = x.at(diverging);
  const band = (from, to, more) =>
    `<rect class="beyond${more}" x="${px(from)}" y="${room.top}" width="${px(Math.max(to - from, 0))}" height="${room.bottom - room.top}"/>`;
  drawn +=
    band(safeAt, Math.min(divergingAt, room.right), "") +
    band(Math.min(divergingAt, room.right), room.right, " more");
  // Their names stand above the panel, in two rows: the two rates may be near one another.
  const marks = segment(safeAt, room.top - 6, safeAt, room.bottom, "mark");
  labels += text(
    Math.min(safeAt + 4, divergingAt - 5, room.right),
    room.top - 9,
    `safe limit ${below(safe)}`,
    "",
    "end",
  );
  if (Number.isFinite(diverging) && divergingAt < room.right) {
    labels += segment(divergingAt, room.top - 20, divergingAt, room.bottom, "mark");
    const words = `diverges from ${m.shuffled ? "about " + four(diverging, 2) : atLeast(diverging)}`;
    labels += text(room.right, room.top - 24, words, "", "end");
  }
  if (!frame.onLine) {
    drawn += segment(x.from, y.at(frame.leastCost), x.to, y.at(frame.leastCost), "least-dash");
    const narrow = room.width < 430;
    const left = x.at(curve.best) > room.left + (narrow ? 100 : 160);
    labels += text(
      left ? x.from + 8 : x.to - 4,
      y.at(frame.leastCost) + 15,
      `lowest ${narrow ? "" : "possible "}${four(frame.leastCost)}`,
      "least-text halo",
      left ? "start" : "end",
    );
  }
  drawn += path(
    curve.points.map(([rate, cost]) => [x.at(rate), at(cost)]),
    "cost-line",
  );
  m.kept.forEach((other, k) => {
    if (other.lr < curve.low || other.lr > curve.high) return;
    const p = [
      x.at(other.lr),
      Math.max(
        at(other.run.overflow === null ? other.run.costs[other.run.last] : Infinity),
        room.top,
      ),
    ];
    drawn += circle(...p, 4, `kept k${k + 1}`);
    labels += text(p[0] + 6, p[1] - 5, k + 1, "number halo");
  });
  const end = m.run.overflow === null ? m.run.costs[m.run.last] : Infinity;
  const here = [Math.min(Math.max(x.at(lr), room.left), room.right), Math.max(at(end), room.top)];
  const bestAt = [x.at(curve.best), Math.min(at(curve.bestCost), room.bottom - 20)];
  drawn += `<path class="limit best" d="M${px(bestAt[0] - 5)} ${px(bestAt[1] + 9)}h10l-5 -8z"/>`;
  drawn +=
    segment(here[0], here[1], here[0], room.bottom, "cost-line faint") +
    circle(...here, 5, "cost-dot");
  const off = end > high;
  const right = here[0] > (room.left + room.right) / 2;
  const words = off
    ? `${rateText(lr)}: off the chart, ${Number.isFinite(end) ? `cost ${four(end, 2)}` : "overflow"}`
    : `${rateText(lr)}: cost ${costText(end, frame.leastCost)}`;
  const hereY = off ? room.top + 16 : Math.max(here[1] - 10, room.top + 12);
  labels += text(
    here[0] + (right ? -9 : 9),
    hereY,
    words,
    "cost-text halo",
    right ? "end" : "start",
  );
  labels += text(bestAt[0] + 9, bestAt[1] + 15, `best ${rateText(curve.best)}`, "halo");
  panels.rates.draw(
    axes(x, y, "learning rate (log)", "cost (log)") +
      marks +
      clipped("rates", { ...room, right: room.right + 6, top: room.top - 6 }, drawn) +
      labels,
  );
  panels.rates.svg.setAttribute(
    "aria-label",
    `Cost after ${count(m.epochs, "epoch")} against the learning rate. Best safe rate ${four(curve.best)}, cost ${four(curve.bestCost)}; safe limit ${below(safe)}; diverges from ${four(diverging)}.`,
  );
  under("rate", room);
}

// ---- Handles: what is dragged in the panels, and moved by keys.

function handle(id, name, r, ghost = false) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [key, value] of Object.entries({
    class: ghost ? "handle ghost" : "handle",
    r,
    tabindex: 0,
    role: "slider",
    "aria-label": name,
  }))
    made.setAttribute(key, value);
  made.id = id;
  return made;
}

const lineHandles = ["left end", "middle", "right end"].map((end, k) =>
  handle(`line-${k}`, `Fitted line, ${end}`, 5),
);
const startHandle = handle("start-handle", "Start", 7);
const pointHandle = handle("point-handle", "Points", 9, true);
panels.points.svg.append(...lineHandles, pointHandle);
panels.plane.svg.append(startHandle);

function place(made, x, y, shown) {
  made.setAttribute("cx", px(x));
  made.setAttribute("cy", px(y));
  made.toggleAttribute("hidden", !shown);
  made.setAttribute("visibility", shown ? "visible" : "hidden");
}

function named(made, now, low, high, words) {
  made.setAttribute("aria-valuenow", now);
  made.setAttribute("aria-valuemin", Math.min(low, now));
  made.setAttribute("aria-valuemax", Math.max(high, now));
  made.setAttribute("aria-valuetext", words);
}

// ---- Showing a state.

function show() {
  model = modelOf(state);
  const m = model;
  m.frame.yMean = m.frame.least[0] * m.frame.mean + m.frame.least[1];
  drawPoints(m);
  drawPlane(m);
  drawCosts(m);
  drawRates(m);
  const value = (id, words, number) => {
    element(id).textContent = words;
    element(id).dataset.value = String(number);
  };
  value("epoch", m.epoch.toLocaleString("en-US"), m.epoch);
  value("lr", rateText(m.lr), m.lr);
  value("weight", decimals(m.line[0]), m.line[0]);
  value("bias", decimals(m.line[1]), m.line[1]);
  value("cost", costText(m.costNow, m.frame.leastCost), m.costNow);
  value("lowest", m.frame.onLine ? "0" : four(m.frame.leastCost), m.frame.leastCost);
  const words = sentence(m);
  document.querySelector("#sentence strong").textContent = words.now;
  document.querySelector("#sentence span").textContent = words.why;
  lineHandles.forEach((made, k) => {
    const x = scales.points.x;
    const at = [x.low * 0.93 + x.high * 0.07, (x.low + x.high) / 2, x.low * 0.07 + x.high * 0.93][
      k
    ];
    const y = heightAt(m.frame, m.line, at);
    named(
      made,
      y,
      scales.points.y.low,
      scales.points.y.high,
      `fitted line at x ${four(at, 3)}: y ${four(y)}`,
    );
  });
  controls(m);
  announce(words);
}

let announcing = 0;
/** Screen readers hear the sentence when it has come to rest. */
function announce(words) {
  clearTimeout(announcing);
  if (playing) return;
  announcing = setTimeout(() => {
    element("status").textContent = words.now;
  }, 700);
}

function fill(id, content) {
  const input = element(id);
  if (document.activeElement === input && input.getAttribute("aria-invalid") === "true") return;
  if (input.value !== String(content)) input.value = content;
  input.removeAttribute("aria-invalid");
}

const plain = (number) => String(Number(number.toPrecision(6)));

function controls(m) {
  const { low, high, best } = m.curve;
  const share = Math.log(m.lr / low) / Math.log(high / low);
  fill("rate", Math.round(1000 * Math.min(Math.max(share, 0), 1)));
  element("rate").setAttribute("aria-valuetext", rateText(m.lr));
  fill("lr-field", plain(m.lr));
  element("best").textContent = `Best rate ${rateText(best)}`;
  fill("epoch-slider", Math.round((1000 * Math.log1p(m.epoch)) / Math.log1p(m.epochs)));
  element("epoch-slider").setAttribute("aria-valuetext", `epoch ${m.epoch} of ${m.epochs}`);
  element("play").textContent = playing ? "Pause" : "Play";
  element("back").disabled = m.epoch === 0;
  element("forward").disabled = m.epoch >= m.run.last;
  fill("epochs", m.epochs);
  document
    .querySelectorAll(".epochs")
    .forEach((each) => (each.textContent = m.epochs.toLocaleString("en-US")));
  fill("batch", m.batch);
  element("order").value = state.shuffled ? "shuffled" : "fixed";
  element("orders").hidden = !m.shuffled;
  element("standardized").checked = state.standardized;
  element("noise-label").hidden = !given.synthetic;
  if (given.synthetic) {
    const noise = state.noise ?? given.synthetic[2];
    element("noise").max = Math.max(3 * given.synthetic[2], 5);
    fill("noise", noise);
    element("noise-value").textContent = four(noise, 3);
  }
  fill("start-weight", plain(m.start[0]));
  fill("start-bias", plain(m.start[1]));
  element("undo").disabled = undone.length === 0;
  element("delete").disabled = chosen < 0;
  element("keep").disabled = state.keep.length >= MOST_KEPT;
  element("zoom").setAttribute("aria-pressed", state.zoomed);
  document.querySelector("#plane .row span").textContent = startHandle.hasAttribute("hidden")
    ? "The start is outside this panel."
    : "Drag the start.";
  element("zoom").disabled = !m.limit && !state.zoomed;
  keptList(m);
  const notes = [];
  if (given.total > givenX.length)
    notes.push(
      `${count(givenX.length, "point")} of ${given.total.toLocaleString("en-US")}, evenly taken.`,
    );
  if (state.epochs > m.epochs)
    notes.push(`The page follows the first ${m.epochs.toLocaleString("en-US")} epochs.`);
  if (given.synthetic && !state.standardized) {
    const [slope, intercept] = given.synthetic;
    const cost = summedCost(m.frame, [slope, intercept]);
    notes.push(
      `The points were made with y = ${slope === 1 ? "" : four(slope)}x ${intercept < 0 ? MINUS : "+"} ${four(Math.abs(intercept))} and noise. That line costs ${four(cost)}; least squares fits these points better.`,
    );
  }
  if (state.standardized)
    notes.push(`In the units of the data: ${equation(unscaled(m.line, m.frame.unit))}.`);
  if (trouble) notes.push(trouble);
  element("note").textContent = notes.join(" ");
}

let trouble = ""; // a mistake in a field or in the address, until the next change

function keptList(m) {
  const list = element("kept");
  const key = JSON.stringify([
    state.keep,
    [...m.kept.map((other) => other.run.costs[other.run.last])],
  ]);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(
    ...m.kept.map((other, k) => {
      const item = document.createElement("li");
      const parts = [`rate ${rateText(other.lr)}`];
      if (other.batch !== 1) parts.push(`batch ${other.batch}`);
      if (other.shuffled) parts.push("shuffled");
      if (other.standardized) parts.push("standardized");
      const end =
        other.run.overflow === null
          ? `cost ${costText(other.run.costs[other.run.last], m.frame.leastCost)}`
          : `overflow in epoch ${other.run.overflow}`;
      item.innerHTML = `<svg aria-hidden="true"><path class="kept k${k + 1}" d="M0 8h28"/></svg><span>${k + 1}: ${escaped(parts.join(", "))}: ${escaped(end)}</span>`;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `Remove run ${k + 1}`);
      remove.addEventListener("click", () =>
        change({ keep: state.keep.filter((_, i) => i !== k) }),
      );
      item.append(remove);
      return item;
    }),
  );
}

// ---- Changing the state.

/** Takes over some values, shows them, and makes them one step of undo when `done`. */
function change(values, done = true) {
  Object.assign(state, values);
  trouble = "";
  if (done) commit();
  show();
}

function commit() {
  const now = stateText(state);
  if (now === committed) return;
  undone.push(committed);
  if (undone.length > 200) undone.shift();
  committed = now;
  writeAddress();
}

let writing = 0;
/** Browsers allow only so many changes of the address, and none in a page within a page. */
function writeAddress() {
  clearTimeout(writing);
  writing = setTimeout(() => {
    try {
      history.replaceState(null, "", `#${committed}`);
    } catch {
      // Without an address of its own the page works all the same.
    }
  }, 300);
}

function restore(text_) {
  pause();
  const read = stateOf(text_);
  state = read.state;
  chosen = -1;
  try {
    usable(state);
  } catch (error) {
    read.wrong.push(error.message);
    state = { ...state, moved: {}, added: [], deleted: [] };
  }
  trouble = read.wrong.length ? `Not understood in the address: ${read.wrong.join(", ")}.` : "";
  committed = stateText(state);
  show();
}

/** Throws when no line is determined by the points. */
function usable(s) {
  const [low, high] = extent(pointsOf(s).map((point) => point[0]));
  if (!(high > low)) throw new RangeError("two points at different x are needed");
}

function undo() {
  if (!undone.length) return;
  restore(undone.pop());
  writeAddress();
}

function toEpoch(epoch, done = true) {
  change(
    {
      epoch: Math.min(
        Math.max(Math.round(epoch), 0),
        model.run.overflow === null ? model.epochs : model.run.last,
      ),
    },
    done,
  );
}

function pause() {
  if (!playing) return;
  clearInterval(playing);
  playing = 0;
}

function play() {
  if (playing) {
    pause();
    commit();
    show();
    return;
  }
  const last = model.run.last;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let share = model.epoch >= last ? 0 : Math.log1p(model.epoch) / Math.log1p(last);
  const wait = calm ? 700 : 33;
  const seconds = 7;
  playing = setInterval(() => {
    share = calm ? share + 0.1 : share + wait / 1000 / seconds;
    const epoch = Math.max(
      Math.round(Math.expm1(Math.min(share, 1) * Math.log1p(model.run.last))),
      0,
    );
    if (share >= 1) pause();
    change({ epoch }, share >= 1);
  }, wait);
  change({ epoch: Math.round(Math.expm1(share * Math.log1p(last))) }, false);
}

/** Connects a text field with a value; a mistake is named and the value stays. */
function field(id, expected, valid, set) {
  const input = element(id);
  const read = () => {
    const typed = input.value.trim().replace(",", ".").replace(MINUS, "-");
    const number = typed === "" ? NaN : Number(typed);
    if (valid(number)) {
      input.removeAttribute("aria-invalid");
      return number;
    }
    input.setAttribute("aria-invalid", "true");
    trouble = `Expected ${expected}, not '${input.value}'.`;
    element("note").textContent = trouble;
    element("status").textContent = trouble;
    return null;
  };
  input.addEventListener("change", () => {
    const number = read();
    if (number !== null) set(number);
  });
  input.addEventListener("blur", () => {
    if (input.getAttribute("aria-invalid") !== "true") return;
    input.removeAttribute("aria-invalid");
    show();
  });
}

const isWhole = (number) => Number.isInteger(number) && number >= 1;
field(
  "lr-field",
  "a positive number",
  (n) => n > 0 && n < 1e300,
  (lr) => change({ lr }),
);
field(
  "epochs",
  `a whole number up to ${MOST_EPOCHS.toLocaleString("en-US")}`,
  (n) => isWhole(n) && n <= MOST_EPOCHS,
  (epochs) =>
    change({
      epochs,
      epoch: state.epoch === state.epochs ? epochs : Math.min(state.epoch, epochs),
    }),
);
field("batch", "a whole number from 1 on", isWhole, (batch) => change({ batch }));
for (const [id, k] of [
  ["start-weight", 0],
  ["start-bias", 1],
])
  field(
    id,
    "a number",
    (n) => Math.abs(n) < 1e150,
    (n) => {
      const start = [...state.start];
      start[k] = n;
      change({ start });
    },
  );

const rateOf = (share) => {
  const { low, high } = model.curve;
  return Number((low * (high / low) ** share).toPrecision(3));
};
element("rate").addEventListener("input", (event) =>
  change({ lr: rateOf(event.target.value / 1000) }, false),
);
element("rate").addEventListener("change", commitAndShow);
element("best").addEventListener("click", () => change({ lr: model.curve.best }));
element("epoch-slider").addEventListener("input", (event) => {
  pause();
  toEpoch(Math.expm1((event.target.value / 1000) * Math.log1p(model.epochs)), false);
});
element("epoch-slider").addEventListener("change", commitAndShow);
element("epoch-slider").addEventListener("keydown", (event) => {
  const ten = Math.max(10, Math.round(model.epochs / 20));
  const by = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    PageUp: ten,
    PageDown: -ten,
  }[event.key];
  if (!by) return;
  event.preventDefault();
  pause();
  toEpoch(model.epoch + by);
});
function commitAndShow() {
  commit();
  show();
}
element("play").addEventListener("click", play);
for (const [id, by] of [
  ["back", -1],
  ["forward", 1],
])
  element(id).addEventListener("click", () => {
    pause();
    toEpoch(model.epoch + by);
  });
element("order").addEventListener("change", (event) =>
  change({ shuffled: event.target.value === "shuffled" }),
);
element("orders").addEventListener("click", () => change({ seed: (state.seed % 9999) + 1 }));
element("standardized").addEventListener("change", (event) =>
  change({ standardized: event.target.checked, spoils: [] }),
);
element("noise").addEventListener("input", (event) =>
  change({ noise: Number(event.target.value) }, false),
);
element("noise").addEventListener("change", commitAndShow);
element("zoom").addEventListener("click", () => change({ zoomed: !state.zoomed }));
element("undo").addEventListener("click", undo);
element("reset").addEventListener("click", () => {
  pause();
  chosen = -1;
  change(structuredClone(initial));
});
element("keep").addEventListener("click", () => {
  const run = runText(state);
  if (state.keep.includes(run)) trouble = "This run is kept already.";
  else if (state.keep.length < MOST_KEPT) return change({ keep: [...state.keep, run] });
  return show();
});
element("settings").addEventListener("submit", (event) => event.preventDefault());

// ---- Points: moved, added, deleted.

function movePoint(i, y, done) {
  const [, , name] = model.frame.points[i];
  if (name >= 0) change({ moved: { ...state.moved, [name]: y } }, done);
  else
    change(
      { added: state.added.map((point, k) => (k === -1 - name ? [point[0], y] : point)) },
      done,
    );
}

function addPoint(x, y) {
  if (model.frame.n >= 1000) return refuse("The page holds up to 1,000 points.");
  const { mean, spread } = model.frame.unit;
  const raw = state.standardized ? mean + spread * x : x;
  const digits = Math.ceil(Math.log10(Math.abs(raw) / spread + 1)) + 4;
  chosen = model.frame.n;
  return change({
    added: [
      ...state.added,
      [Number(raw.toPrecision(Math.min(digits, 17))), Number(y.toPrecision(6))],
    ],
  });
}

function deletePoint(i) {
  const [, , name] = model.frame.points[i];
  const next = structuredClone(state);
  if (name >= 0) next.deleted.push(name);
  else next.added.splice(-1 - name, 1);
  try {
    usable(next);
  } catch {
    return refuse("A line needs two points at different x, so this point stays.");
  }
  chosen = Math.min(i, model.frame.n - 2);
  return change({ deleted: next.deleted, added: next.added });
}

function refuse(words) {
  trouble = words;
  show();
  element("status").textContent = words;
}

element("add").addEventListener("click", () => {
  const { x } = scales.points;
  const at = (x.low + x.high) / 2;
  addPoint(at, heightAt(model.frame, model.least, at));
});
element("delete").addEventListener("click", () => chosen >= 0 && deletePoint(chosen));

/** The line becomes this one at the epoch on show; at epoch 0 it is the start. */
function spoil(line, done) {
  if (!line.every((number) => Math.abs(number) < 1e150)) return;
  if (model.epoch === 0) return change({ start: line }, done);
  const earlier = state.spoils.filter(([epoch]) => epoch < model.epoch);
  // At the end there would be nothing to train on: the run goes on for as long again.
  const epochs =
    model.epoch === model.epochs
      ? Math.min(2 * model.epochs, mostEpochs(model.frame.n))
      : state.epochs;
  return change({ spoils: [...earlier, [model.epoch, ...line]], epoch: model.epoch, epochs }, done);
}

/** The line through a new height at one end, the middle, or the other; the opposite end stays. */
function bent(k, line, change_) {
  const { x } = scales.points;
  const [left, right] = [x.low * 0.93 + x.high * 0.07, x.low * 0.07 + x.high * 0.93];
  if (k === 1) return [line[0], line[1] + change_];
  const slope = change_ / (right - left);
  return k === 0
    ? [line[0] - slope, line[1] + slope * right]
    : [line[0] + slope, line[1] - slope * left];
}

/** What is under the pointer in the panel of points. */
function hit([at, height]) {
  const { x, y } = scales.points;
  const close = lineHandles.findIndex(
    (made) =>
      !made.hasAttribute("hidden") &&
      Math.hypot(made.getAttribute("cx") - at, made.getAttribute("cy") - height) < 11,
  );
  if (close >= 0) return { line: close };
  const { frame } = model;
  let [best, nearest] = [14, -1];
  for (let i = 0; i < frame.n; i++) {
    const away = Math.hypot(x.at(frame.xs[i]) - at, y.at(frame.ys[i]) - height);
    if (away < best) [best, nearest] = [away, i];
  }
  if (nearest >= 0) return { point: nearest };
  if (Math.abs(y.at(heightAt(frame, model.line, x.value(at))) - height) < 9) return { line: 1 };
  return null;
}

function positionIn(svg, event) {
  const box = svg.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/** Follows a pointer from press to release; `begin` returns what to do on a move, or null. */
function dragging(svg, grabs, begin, click = () => {}) {
  svg.addEventListener(
    "touchstart",
    (event) => grabs(positionIn(svg, event.touches[0])) && event.preventDefault(),
    { passive: false },
  );
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const from = positionIn(svg, event);
    const move = begin(from);
    let far = false;
    if (move) {
      pause();
      svg.setPointerCapture(event.pointerId);
      frozen = true;
    }
    const moved = (next) => {
      const to = positionIn(svg, next);
      far ||= Math.hypot(to[0] - from[0], to[1] - from[1]) > 3;
      if (far && move) move(to, from);
    };
    const ended = (next) => {
      svg.removeEventListener("pointermove", moved);
      svg.removeEventListener("pointerup", ended);
      svg.removeEventListener("pointercancel", ended);
      frozen = false;
      if (far && move) commit();
      else if (!far && next.type === "pointerup") click(from);
      show();
    };
    svg.addEventListener("pointermove", moved);
    svg.addEventListener("pointerup", ended);
    svg.addEventListener("pointercancel", ended);
  });
}

const inPanel = ({ x, y }, [at, height]) =>
  at >= x.from && at <= x.to && height <= y.from && height >= y.to;

dragging(
  panels.points.svg,
  (from) => hit(from) !== null,
  (from) => {
    const found = hit(from);
    if (!found) return null;
    const { y } = scales.points;
    if (found.point !== undefined) {
      chosen = found.point;
      pointHandle.focus();
      return (to) =>
        movePoint(
          found.point,
          Number(y.value(Math.min(Math.max(to[1], y.to), y.from)).toPrecision(6)),
          false,
        );
    }
    const line = model.line;
    return (to) => spoil(bent(found.line, line, y.value(to[1]) - y.value(from[1])), false);
  },
  (from) => {
    if (!hit(from) && inPanel(scales.points, from))
      addPoint(scales.points.x.value(from[0]), scales.points.y.value(from[1]));
  },
);

const rounded = (value, { low, high }) => {
  const digits = 3 - Math.floor(Math.log10(high - low));
  return digits >= 0 && digits < 15 ? Number(value.toFixed(digits)) : value;
};
dragging(
  panels.plane.svg,
  (at) =>
    Math.hypot(at[0] - startHandle.getAttribute("cx"), at[1] - startHandle.getAttribute("cy")) < 22,
  (from) => {
    if (
      Math.hypot(
        from[0] - startHandle.getAttribute("cx"),
        from[1] - startHandle.getAttribute("cy"),
      ) > 22
    )
      return null;
    startHandle.focus();
    const { x, y } = scales.plane;
    return (to) =>
      change({ start: [rounded(x.value(to[0]), x), rounded(y.value(to[1]), y)] }, false);
  },
);
const along = (svg, act) =>
  dragging(
    svg,
    () => false,
    (from) => {
      act(from);
      return act;
    },
    commit,
  );
along(panels.costs.svg, ([at]) => toEpoch(scales.costs.x.value(at), false));
along(panels.rates.svg, ([at]) => {
  const { x } = scales.rates;
  change({ lr: rateOf(Math.min(Math.max((at - x.from) / (x.to - x.from), 0), 1)) }, false);
});

// ---- Keys.

const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
startHandle.addEventListener("keydown", (event) => {
  const by = arrows[event.key];
  if (!by) return;
  event.preventDefault();
  const { x, y } = scales.plane;
  const size = event.shiftKey ? 0.1 : 0.01;
  const moved = [
    state.start[0] + by[0] * size * (x.high - x.low),
    state.start[1] + by[1] * size * (y.high - y.low),
  ];
  change({ start: [rounded(moved[0], x), rounded(moved[1], y)] });
});
lineHandles.forEach((made, k) =>
  made.addEventListener("keydown", (event) => {
    const by = arrows[event.key]?.[1];
    if (by === undefined) return;
    event.preventDefault();
    const { y } = scales.points;
    if (by) spoil(bent(k, model.line, by * (event.shiftKey ? 0.1 : 0.01) * (y.high - y.low)), true);
  }),
);
pointHandle.addEventListener("focus", () => {
  if (chosen < 0) chosen = 0;
  show();
});
pointHandle.addEventListener("keydown", (event) => {
  const last = model.frame.n - 1;
  const { key } = event;
  if (key === "Delete" || key === "Backspace") deletePoint(chosen);
  else if (key === "Insert" || key === "+") element("add").click();
  else if (key === "ArrowUp" || key === "ArrowDown") {
    const { y } = scales.points;
    const by = (key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 0.1 : 0.01) * (y.high - y.low);
    movePoint(chosen, Number((model.frame.ys[chosen] + by).toPrecision(6)), true);
  } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(key)) {
    chosen = {
      ArrowLeft: Math.max(chosen - 1, 0),
      ArrowRight: Math.min(chosen + 1, last),
      Home: 0,
      End: last,
    }[key];
    show();
  } else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  const inField = event.target.matches(
    "input:not([type=range]):not([type=checkbox]):not([type=radio]), select",
  );
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !inField) {
    event.preventDefault();
    undo();
  }
  if (event.key === " " && event.target === document.body) {
    event.preventDefault();
    play();
  }
});

// ---- Three questions. Each changes the state and reads the answer off the two models.

const questions = [
  {
    ask: () =>
      `Will ten times the learning rate end at a lower cost after ${count(model.epochs, "epoch")}?`,
    options: ["Lower", "Higher", "It overflows"],
    act: () => change({ lr: Number((state.lr * 10).toPrecision(6)), epoch: state.epochs }),
    answer(before, after) {
      const ends = [before, after].map((m) => m.run.costs[m.run.last]);
      const [from, to] = [before, after].map((m) => rateText(m.lr));
      if (after.run.overflow !== null)
        return [2, `At ${to} the run overflows in epoch ${after.run.overflow}.`];
      const lower = before.run.overflow !== null || ends[1] < ends[0];
      const first =
        before.run.overflow === null
          ? `${costText(ends[0], before.frame.leastCost)} at ${from}`
          : `an overflow at ${from}`;
      let words = `At ${to} the run ends at cost ${costText(ends[1], after.frame.leastCost)}, after ${first}.`;
      if (before.limit && after.limit && !after.shuffled)
        words += ` The line that SGD converges to costs ${costText(after.limitCost, after.frame.leastCost)} at ${to} and ${costText(before.limitCost, before.frame.leastCost)} at ${from}. ${speeds(before, after)}`;
      return [lower ? 0 : 1, words];
    },
  },
  {
    ask: () => "Where does the fitted line go at the last point if that point is dragged far down?",
    options: ["Down", "Up", "It hardly moves"],
    act() {
      const { frame } = model;
      const [low, high] = extent(frame.ys);
      chosen = frame.n - 1;
      state.epoch = state.epochs;
      movePoint(
        frame.n - 1,
        Number((frame.ys[frame.n - 1] - (high - low || 1)).toPrecision(6)),
        true,
      );
    },
    answer(before, after) {
      const i = before.frame.n - 1;
      const x = before.frame.xs[i];
      const moved = heightAt(after.frame, after.line, x) - heightAt(before.frame, endOf(before), x);
      const down = before.frame.ys[i] - after.frame.ys[i];
      const least = heightAt(after.frame, after.least, x) - heightAt(before.frame, before.least, x);
      const side = (change_) => `${four(Math.abs(change_), 2)} ${change_ < 0 ? "down" : "up"}`;
      const words = `The point went ${four(down, 3)} down, the fitted line there ${side(moved)}, and the least-squares line ${side(least)}. Large errors count most, because they are squared.`;
      return [Math.abs(moved) < 0.01 * down ? 2 : moved < 0 ? 0 : 1, words];
    },
  },
  {
    ask: () => "What does standardizing x do to the valley in the plane of W and b?",
    options: ["It becomes round", "It becomes longer and narrower", "It keeps its shape"],
    act: () => change({ standardized: true, spoils: [] }),
    answer(before, after) {
      const [from, to] = [false, true].map((standardized) =>
        conditionNumber(frameOf(state, standardized)),
      );
      const words = `Its condition number goes from ${four(from, 3)} to ${four(to, 3)}: the contours are circles${before.standardized ? ", as they were already here" : ""}. The safe limit goes from ${below(before.rates.safe)} to ${below(after.rates.safe)}, so W and b can take longer steps. ${speeds(before, after)}`;
      return [0, words];
    },
  },
];

const endOf = (m) => [m.run.weights[m.run.last], m.run.biases[m.run.last]];

/** How many epochs two runs need, where that can be said. */
function speeds(before, after) {
  const [first, second] = [before, after].map((m) =>
    m.limit && !m.shuffled ? epochsUntil(m.frame, m.map, m.limit, offsetOf(m.frame, m.start)) : NaN,
  );
  if (!(first > 0) || !(second > 0)) return "";
  const rate = before.lr === after.lr ? `At rate ${rateText(after.lr)} it` : "It";
  return `${rate} comes within 1% of that distance after ${count(second, "epoch")}, before after ${count(first, "epoch")}.`;
}

function askQuestions() {
  const made = questions.map((question, q) => {
    const card = document.createElement("form");
    card.className = "question";
    const choices = question.options.map(
      (option, k) =>
        `<label><input type="radio" name="answer-${q}" value="${k}"> ${escaped(option)}</label>`,
    );
    card.innerHTML = `<fieldset><legend>${escaped(question.ask())}</legend>${choices.join("")}</fieldset><div class="buttons"><button disabled>See what happens</button><button type="button">Skip the guess</button></div><output></output>`;
    const [see, skip] = card.querySelectorAll("button");
    card.addEventListener("change", () => (see.disabled = false));
    const act = (guess) => {
      pause();
      const before = { ...model, standardized: state.standardized };
      question.act();
      const [right, words] = question.answer(before, model);
      const verdict =
        guess === null
          ? ""
          : guess === right
            ? "As you predicted. "
            : `Not as predicted: ${question.options[right].toLowerCase()}. `;
      card.querySelector("output").textContent = verdict + words;
    };
    card.addEventListener("submit", (event) => {
      event.preventDefault();
      act(Number(card.querySelector("input:checked").value));
    });
    skip.addEventListener("click", () => act(null));
    return card;
  });
  document.querySelector("#questions > div").replaceChildren(...made);
}

// ---- Start.

element("still").remove();
element("app").hidden = false;
restore(location.hash);
askQuestions();
addEventListener("hashchange", () => {
  if (location.hash.slice(1) === committed) return;
  undone.push(committed);
  restore(location.hash);
});
let width = element("app").clientWidth;
new ResizeObserver(() => {
  if (width === element("app").clientWidth) return;
  width = element("app").clientWidth;
  show();
}).observe(element("app"));
matchMedia("print").addEventListener("change", show);
