// What is said of a run: numbers as words, and the sentence.

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

/** A cost with digits enough to tell it from the lowest; zeros at the end stay, as in a column. */
function costText(cost, lowest) {
  let digits = 4;
  while (digits < 9 && cost !== lowest && four(cost, digits) === four(lowest, digits)) digits++;
  if (!(cost >= 1e-4 && cost < 1e7)) return four(cost, digits);
  return cost.toLocaleString("en-US", {
    minimumSignificantDigits: digits,
    maximumSignificantDigits: digits,
  });
}

/** Two values with the same decimals, enough to tell them apart. */
function range(low, high) {
  let digits = 3;
  while (digits < 12 && four(low, digits) === four(high, digits)) digits++;
  const texts = [four(low, digits), four(high, digits)];
  const places = Math.max(...texts.map((each) => (each.split(".")[1] ?? "").length));
  if (texts.some((each) => each.includes("10") && each.includes("×"))) return texts.join(" to ");
  const options = { minimumFractionDigits: places, maximumFractionDigits: places };
  return [low, high]
    .map((each) => (each < 0 ? MINUS : "") + Math.abs(each).toLocaleString("en-US", options))
    .join(" to ");
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
    return cost <= 1e-18 * m.run.costs[0] ? "practically 0" : "where 0 is possible";
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
/** The divergence threshold; where it is estimated, in as few digits as leave it above the safe
 * limit. */
function thresholdText(m) {
  const { safe, diverging } = m.rates;
  if (!m.shuffled) return atLeast(diverging);
  const digits = [1, 2, 3].find((digits) => Number(diverging.toPrecision(digits)) >= safe);
  return `about ${rateText(Number(diverging.toPrecision(digits ?? 4)))}`;
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
    return `The run overflows in epoch ${run.overflow.toLocaleString("en-US")}: its numbers become too large; ${last}.`;
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
    if (epoch === 0) return `Shuffled runs at this rate ${cloud}.`;
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
      ? `; ${count(Math.max(left, 1), "more epoch")} ${left <= 1 ? "brings" : "bring"} it within 1%`
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
      ? `The lines do not converge: each epoch takes its ${many} steps in another order, and each step moves the line towards its own ${batch === 1 ? "point" : "batch"}.`
      : "";
  if (!limit) return "";
  const slopes = linesWithin(frame, lineAt(frame, limit), inOrder(frame.n), batch, m.lr).map(
    (line) => line[0],
  );
  const [low, high] = [Math.min(...slopes), Math.max(...slopes)];
  const there = costText(limitCost, frame.leastCost);
  const known = there === costText(m.costNow, frame.leastCost);
  const worse = limitCost > run.costs[0] ? ", more than the start" : "";
  const costs = known
    ? worse
      ? "That is more than the start costs."
      : ""
    : `That line costs ${there}, ${above(limitCost, m)}${worse}.`;
  const rest = frame.n % batch;
  const weights = rest
    ? ` The last batch has ${count(rest, "point")} instead of ${batch}, so a point in it counts ${four(batch / rest, 3)} times as much.`
    : "";
  return `${costs} SGD moves after every ${batch === 1 ? "point" : "batch"}: the ${many} gradients of an epoch are measured at ${many} different lines and do not cancel at the least-squares line.${weights} In the end every epoch runs round a closed loop, W from ${range(low, high)}.`;
}

function whatTheRateDoes(m) {
  const { lr, batch, frame, shuffled } = m;
  const { safe, diverging } = m.rates;
  const whole = batch >= frame.n;
  const own = whole ? "of all points" : batch === 1 ? "at their own point" : "of their own batch";
  const rate = `The rate ${rateText(lr)}`;
  const threshold = Number.isFinite(diverging)
    ? `training diverges from ${thresholdText(m)}`
    : "";
  const valley = conditionNumber(frame);
  const long =
    valley > 1e4
      ? ` As x is, the valley of the cost is long and narrow (condition number ${four(valley, 2)}); standardized x makes it round.`
      : "";
  const goal = batch === 1 ? "the line that has no error at its point" : "the minimum of its batch";
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
  return `${over}: some steps increase the error ${own}, though whole epochs contract; ${threshold}.`;
}
