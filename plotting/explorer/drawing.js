// The four panels, drawn as SVG from the model.

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

/** The two ends of a line in pixels or, where it leads far out of the panel, where it does: of what
 * is farther away browsers draw another line. */
function endsOf(frame, line, x, y) {
  const [h1, h2] = [x.low, x.high].map((at) => heightAt(frame, line, at));
  const span = y.high - y.low;
  return [
    [x.low, h1],
    [x.high, h2],
  ].map(([at, height]) => {
    const within = Math.min(Math.max(height, y.low - span), y.high + span);
    const share = (within - h1) / (h2 - h1);
    const there = within === height || !Number.isFinite(share) ? at : x.low + share * (x.high - x.low);
    return [x.at(there), y.at(within)];
  });
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
      Math.min(Math.max(y.at(heightAt(frame, m.line, frame.xs[i])), -room.bottom), 2 * room.bottom),
    ];
    errors += `M${px(at)} ${px(from)}V${px(to)}`;
    dots += `M${px(at - r)} ${px(from)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
    const size = Math.abs(Math.min(Math.max(to, room.top), room.bottom) - from);
    const inside = at > room.left + 20 && at < room.right - 40;
    if (inside && size > worst.size)
      worst = { size, at, middle: (from + Math.min(Math.max(to, room.top), room.bottom)) / 2 };
  }
  const ends = (line) => endsOf(frame, line, x, y);
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
    const words = `diverges from ${thresholdText(m)}`;
    labels += text(room.right, room.top - 24, words, "", "end");
  }
  if (!frame.onLine) {
    drawn += segment(x.from, y.at(frame.leastCost), x.to, y.at(frame.leastCost), "least-dash");
    const narrow = room.width < 430;
    const left = x.at(curve.best) > room.left + (narrow ? 100 : 160);
    const short = narrow || (!left && x.to - x.at(curve.best) < 250); // the best rate's name is there
    labels += text(
      left ? x.from + 8 : x.to - 4,
      y.at(frame.leastCost) + 15,
      `lowest ${short ? "" : "possible "}${four(frame.leastCost)}`,
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
    axes(x, y, "learning rate (log)", m.shuffled ? "expected cost (log)" : "cost (log)") +
      marks +
      clipped("rates", { ...room, right: room.right + 6, top: room.top - 6 }, drawn) +
      labels,
  );
  panels.rates.svg.setAttribute(
    "aria-label",
    `Cost after ${count(m.epochs, "epoch")} against the learning rate. Best safe rate ${four(curve.best)}, cost ${four(curve.bestCost)}; safe limit ${below(safe)}; diverges from ${thresholdText(m)}.`,
  );
  under("rate", room);
}
