// The page in use: showing a state, and the controls, drags and keys that change it.

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
const pointHandle = handle(
  "point-handle",
  "Points: left and right choose one, up and down move it, Delete removes it, Insert adds one",
  9,
  true,
);
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
/** Screen readers hear the sentence when it changes no longer. */
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
      `The page shows ${givenX.length.toLocaleString("en-US")} of the ${given.total.toLocaleString("en-US")} points, evenly taken.`,
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
  if (m.spoils.length) notes.push("The curve of rates is of runs whose line is not dragged.");
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
      pointHandle.focus({ preventScroll: true });
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
    startHandle.focus({ preventScroll: true });
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
