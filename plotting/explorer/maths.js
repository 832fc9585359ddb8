// The mathematics of the page: a line trained by SGD, and what follows from data and settings.
// It knows no document. Numbers are float64, as in NumPy; a line is [W, b].
//
// The cost of a line is the sum of squared errors over all points. One step over a batch is
//   theta <- theta - 2*lr*mean(e*a),   e = W*x + b - y,   a = (x, 1),
// so an epoch of steps in a fixed order is one affine map, theta <- M theta + c: six numbers,
// from which any number of epochs, the limit and the rate of convergence follow
// (Bertsekas, Incremental gradient, subgradient, and proximal methods, 2011).

/** How much an epoch may stretch on its way to be one map: rounding is magnified twice by as much. */
const TAME = 100;

/** Steps in a run above which an epoch's map is applied instead. */
const STEPS_WORTH_A_MAP = 30000;

/** The mean, and the values minus the mean. The second pass takes off what rounding left. */
function centred(values) {
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const first = mean(values);
  const rest = Float64Array.from(values, (value) => value - first);
  const left = mean(rest);
  return { mean: first + left, rest: rest.map((value) => value - left) };
}

const dot = (one, other) => one.reduce((sum, value, i) => sum + value * other[i], 0);

/**
 * Coordinates with least squares as the origin and x in units of its deviation. With
 * z = (x - mean) / spread and a line's offset (rise, height) its error at a point is
 * rise*z + height - residual, and its cost is leastCost + n*(rise^2 + height^2): nothing is left
 * to cancel, however far from zero x is. W = rise/spread, b = height - mean*W, from least squares.
 * Least squares from centred sums: Higham, Accuracy and Stability of Numerical Algorithms, 1.7.
 */
function coordinates(xs, ys) {
  const n = xs.length;
  const { mean, rest: x } = centred(xs);
  const { mean: yMean, rest: y } = centred(ys);
  const spread = Math.sqrt(dot(x, x) / n);
  const weight = dot(x, y) / dot(x, x);
  const residual = y.map((value, i) => value - weight * x[i]);
  // K = T T^T, T = [[spread, 0], [mean, 1]]: what turns a slope of the cost into a step.
  const metric = [spread * spread, spread * mean, mean * mean + 1];
  return {
    n,
    xs,
    ys,
    mean,
    spread,
    z: x.map((value) => value / spread),
    residual,
    least: [weight, yMean - weight * mean],
    leastCost: dot(residual, residual),
    metric,
  };
}

function offsetOf(frame, [weight, bias]) {
  const more = weight - frame.least[0];
  return [more * frame.spread, more * frame.mean + (bias - frame.least[1])];
}

function lineAt(frame, [rise, height]) {
  const more = rise / frame.spread;
  return [frame.least[0] + more, frame.least[1] + (height - frame.mean * more)];
}

const excessAt = (frame, [rise, height]) => frame.n * (rise * rise + height * height);

/** The cost of a line from its definition. */
function summedCost({ xs, ys }, [weight, bias]) {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) sum += (weight * xs[i] + bias - ys[i]) ** 2;
  return sum;
}

/** The length of an offset in the plane of W and b. */
function distance(frame, [rise, height]) {
  const more = rise / frame.spread;
  return Math.hypot(more, height - frame.mean * more);
}

/** Numbers in [0, 1) from a seed (mulberry32 of Tommy Ettinger, public domain). */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Puts an order into another, every one as likely (Fisher and Yates). */
function shuffle(order, random) {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** The deviation-1 normal noise of as many points (Box and Muller, 1958). */
function normalNoise(count, seed) {
  const random = randomNumbers(seed);
  return Float64Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

/**
 * What the steps of an epoch need to know of their batches: the means of z*z, z, z*residual,
 * residual and x*x + 1, and the variance of x.
 */
function stepsOf(frame, batch, order = null) {
  const count = Math.ceil(frame.n / batch);
  const steps = { count, zz: [], z: [], zr: [], r: [], size: [], variance: [] };
  for (let first = 0; first < frame.n; first += batch) {
    const last = Math.min(first + batch, frame.n);
    let [zz, z, zr, r, size] = [0, 0, 0, 0, 0];
    for (let k = first; k < last; k++) {
      const i = order ? order[k] : k;
      const x = frame.mean + frame.spread * frame.z[i];
      zz += frame.z[i] * frame.z[i];
      z += frame.z[i];
      zr += frame.z[i] * frame.residual[i];
      r += frame.residual[i];
      size += x * x + 1;
    }
    const length = last - first;
    let variance = 0;
    for (let k = first; k < last; k++)
      variance += (frame.z[order ? order[k] : k] - z / length) ** 2;
    steps.zz.push(zz / length);
    steps.z.push(z / length);
    steps.zr.push(zr / length);
    steps.r.push(r / length);
    steps.size.push(size / length);
    steps.variance.push((frame.metric[0] * variance) / length);
  }
  for (const name of ["zz", "z", "zr", "r", "size", "variance"])
    steps[name] = Float64Array.from(steps[name]);
  return steps;
}

/**
 * Steps first..last as one map of offsets, d <- M d + c, row after row: m = [M | c]. With
 * u = (z, 1) a step is d <- d - 2*lr*K*mean(u*(u.d - residual)). Beside m stands e = [E | e]
 * with [M | c] = [I | 0] - K [E | e], which keeps what a slow training moves, and det M, which
 * M itself forgets where it stretches. `peak` is the largest entry of M on the way.
 */
function composed(frame, steps, lr, first = 0, last = steps.count) {
  const [slope, mixed, level] = frame.metric;
  const scale = 2 * lr;
  let [a, b, c, p, q, r] = [1, 0, 0, 0, 1, 0]; // [M | c] = [[a, b, c], [p, q, r]]
  let [ea, eb, ec, ep, eq, er] = [0, 0, 0, 0, 0, 0];
  let [det, peak] = [1, 1];
  for (let k = first; k < last; k++) {
    const zz = steps.zz[k];
    const z = steps.z[k];
    const ra = scale * (zz * a + z * p);
    const rb = scale * (zz * b + z * q);
    const rc = scale * (zz * c + z * r - steps.zr[k]);
    const ha = scale * (z * a + p);
    const hb = scale * (z * b + q);
    const hc = scale * (z * c + r - steps.r[k]);
    [ea, eb, ec] = [ea + ra, eb + rb, ec + rc];
    [ep, eq, er] = [ep + ha, eq + hb, er + hc];
    [a, b, c] = [
      a - slope * ra - mixed * ha,
      b - slope * rb - mixed * hb,
      c - slope * rc - mixed * hc,
    ];
    [p, q, r] = [
      p - mixed * ra - level * ha,
      q - mixed * rb - level * hb,
      r - mixed * rc - level * hc,
    ];
    det *= 1 - scale * (steps.size[k] - scale * steps.variance[k]);
    const high = Math.max(Math.abs(a), Math.abs(b), Math.abs(p), Math.abs(q));
    if (!(high <= peak)) peak = high;
  }
  return { m: [a, b, c, p, q, r], e: [ea, eb, ec, ep, eq, er], det, peak };
}

/**
 * Whether steps are as good as their map: neither the first of them nor the last of them
 * stretch much, however many one takes. (The last ones magnify the rounding of those before.)
 */
function isTame(frame, steps, lr, first = 0, last = steps.count) {
  if (!(composed(frame, steps, lr, first, last).peak <= TAME)) return false;
  const [slope, mixed, level] = frame.metric;
  const scale = 2 * lr;
  let [a, b, p, q] = [1, 0, 0, 1];
  for (let k = last - 1; k >= first; k--) {
    // Each step is I - K g, g = 2*lr*mean(u u^T); what follows it is [[a, b], [p, q]].
    const [ka, kp] = [a * slope + b * mixed, p * slope + q * mixed];
    const [kb, kq] = [a * mixed + b * level, p * mixed + q * level];
    const [zz, z] = [scale * steps.zz[k], scale * steps.z[k]];
    [a, b] = [a - ka * zz - kb * z, b - ka * z - kb * scale];
    [p, q] = [p - kp * zz - kq * z, q - kp * z - kq * scale];
    if (!(Math.max(Math.abs(a), Math.abs(b), Math.abs(p), Math.abs(q)) <= TAME)) return false;
  }
  return true;
}

/** The offset that a map leads to. */
const applied = ([a, b, c, p, q, r], [rise, height]) => [
  a * rise + b * height + c,
  p * rise + q * height + r,
];

/** The map that applies the first and then the second. */
function then([a, b, c, p, q, r], [A, B, C, P, Q, R]) {
  return [
    A * a + B * p,
    A * b + B * q,
    A * c + B * r + C,
    P * a + Q * p,
    P * b + Q * q,
    P * c + Q * r + R,
  ];
}

/** A map applied so many times, by repeated squaring. */
function power(map, exponent) {
  let result = [1, 0, 0, 0, 1, 0];
  for (let left = exponent, m = map; left >= 1; left = Math.floor(left / 2)) {
    if (left % 2) result = then(result, m);
    m = then(m, m);
  }
  return result;
}

/**
 * The logarithm of M's spectral radius: below 0 the run converges. From trace and determinant,
 * of E while M is near the identity and of M otherwise: each where the other would cancel.
 * Infinite where M leaves float64.
 */
function logRadius(frame, { m, e, det }) {
  if (![m[0], m[1], m[3], m[4], det].every(Number.isFinite)) return Infinity;
  const [slope, mixed, level] = frame.metric;
  // Eigenvalues of I - M = K E, whose determinant is that of K, spread^2, times that of E.
  const half = (slope * e[0] + mixed * (e[1] + e[3]) + level * e[4]) / 2;
  const gap = slope * (e[0] * e[4] - e[1] * e[3]);
  if (slope * (Math.abs(e[0] * e[4]) + Math.abs(e[1] * e[3])) < 1) {
    if (half * half < gap) return Math.log1p(gap - 2 * half) / 2;
    const large = half + Math.sign(half) * Math.sqrt(half * half - gap);
    const log = (share) => (share < 1 ? Math.log1p(-share) : Math.log(Math.abs(1 - share)));
    return large === 0 ? 0 : Math.max(log(large), log(gap / large));
  }
  const trace = (m[0] + m[4]) / 2;
  if (!Number.isFinite(trace * trace)) return Infinity;
  if (trace * trace < det) return Math.log(det) / 2;
  return Math.log(Math.abs(trace) + Math.sqrt(trace * trace - det));
}

/** The solution of a small linear system, by elimination with row exchanges; null without one. */
function solved(matrix, right) {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[best][k])) best = i;
    [rows[k], rows[best]] = [rows[best], rows[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) rows[k][n] -= rows[k][j] * rows[j][n];
    rows[k][n] /= rows[k][k];
  }
  const solution = rows.map((row) => row[n]);
  return solution.every(Number.isFinite) ? solution : null;
}

/**
 * The offset that an epoch leaves where it is: E d = -e. An epoch that stretches is cut into
 * sections that do not, and the points between them follow from one another in a ring
 * (multiple shooting; Stoer and Bulirsch, Introduction to Numerical Analysis, 7.3.5).
 * Null where float64 cannot tell it.
 */
function fixedPoint(frame, steps, lr, whole) {
  if (isTame(frame, steps, lr)) {
    const e = whole.e;
    // By a power of two, which rounds nothing: products of tiny entries would underflow.
    const scale = 2 ** -Math.floor(Math.log2(Math.max(...e.map(Math.abs))) || 0);
    const s = e.map((entry) => entry * scale);
    return solved(
      [
        [s[0], s[1]],
        [s[3], s[4]],
      ],
      [-s[2], -s[5]],
    );
  }
  const sections = [];
  for (let first = 0; first < steps.count && sections.length < 60;) {
    let last = first + 1;
    let low = 1;
    // The longest tame section: doubled, then halved.
    while (last < steps.count && isTame(frame, steps, lr, first, last)) {
      low = last - first;
      last = Math.min(first + 2 * low, steps.count);
    }
    let high = last - first;
    if (isTame(frame, steps, lr, first, last)) low = high;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (isTame(frame, steps, lr, first, first + middle)) low = middle;
      else high = middle;
    }
    sections.push(composed(frame, steps, lr, first, first + low).m);
    first += low;
    if (first >= steps.count) break;
  }
  const count = sections.length;
  if (count === 60) return null;
  const ring = Array.from({ length: 2 * count }, () => new Array(2 * count).fill(0));
  const constant = [];
  sections.forEach(([a, b, c, p, q, r], i) => {
    const after = 2 * ((i + 1) % count);
    ring[2 * i][after] += 1;
    ring[2 * i + 1][after + 1] += 1;
    ring[2 * i][2 * i] -= a;
    ring[2 * i][2 * i + 1] -= b;
    ring[2 * i + 1][2 * i] -= p;
    ring[2 * i + 1][2 * i + 1] -= q;
    constant.push(c, r);
  });
  const points = solved(ring, constant);
  return points && points.slice(0, 2);
}

/**
 * After how many epochs the distance to the limit is a share of what it is at the offset; by
 * the map's powers, Infinity where no count helps.
 */
function epochsUntil(frame, map, limit, offset, share = 0.01) {
  const [a, b, , p, q] = map.m;
  const linear = [a, b, 0, p, q, 0];
  let away = [offset[0] - limit[0], offset[1] - limit[1]];
  const goal = share * distance(frame, away);
  if (distance(frame, away) <= goal) return 0;
  const byRadius = Math.log(share) / logRadius(frame, map);
  if (!(byRadius < 2 ** 50)) return byRadius > 0 ? byRadius : Infinity;
  const powers = [linear];
  const last = () => powers[powers.length - 1];
  while (distance(frame, applied(last(), away)) > goal && powers.length < 60)
    powers.push(then(last(), last()));
  let count = 0;
  for (let exponent = powers.length - 1; exponent >= 0; exponent--) {
    const moved = applied(powers[exponent], away);
    if (distance(frame, moved) > goal) {
      away = moved;
      count += 2 ** exponent;
    }
  }
  return count + 1;
}

/** W and b after one step down the mean squared error of the points order[first..last]. */
function step(frame, [weight, bias], order, first, last, lr) {
  let [byWeight, byBias] = [0, 0];
  for (let k = first; k < last; k++) {
    const i = order[k];
    const error = weight * frame.xs[i] + bias - frame.ys[i];
    byWeight += 2 * error * frame.xs[i];
    byBias += 2 * error;
  }
  const rate = lr / (last - first);
  return [weight - rate * byWeight, bias - rate * byBias];
}

/** The lines within one epoch, from the line before its first step to that after its last. */
function linesWithin(frame, line, order, batch, lr) {
  const lines = [line];
  for (let first = 0; first < frame.n; first += batch)
    lines.push(
      step(frame, lines[lines.length - 1], order, first, Math.min(first + batch, frame.n), lr),
    );
  return lines;
}

const inOrder = (n) => Int32Array.from({ length: n }, (_, i) => i);

/**
 * A whole run: weights, biases and costs of the epochs 0..last. It ends before the epoch in
 * which the cost leaves float64; `overflow` is that epoch, or null. `spoils` are lines that
 * replace the fitted line at an epoch, [epoch, W, b] in the order of epochs. A long run in fixed
 * order applies the epoch's map; one that is short, shuffled or stretches takes its steps.
 */
function trained(frame, { lr, epochs, batch, start, shuffled = false, seed = 1, spoils = [] }) {
  const weights = new Float64Array(epochs + 1);
  const biases = new Float64Array(epochs + 1);
  const costs = new Float64Array(epochs + 1);
  const random = randomNumbers(seed);
  const order = inOrder(frame.n);
  const steps = stepsOf(frame, batch);
  const long = epochs * frame.n > STEPS_WORTH_A_MAP;
  const mapped = long && !shuffled && isTame(frame, steps, lr);
  const [aa, ab, ac, ba, bb, bc] = composed(frame, steps, lr).e;
  const { spread, mean, least } = frame;
  let [weight, bias] = start;
  let [rise, height] = offsetOf(frame, start);
  let next = 0; // of the spoils
  let still = false; // the steps of an epoch no longer change a digit
  for (let epoch = 0; epoch <= epochs; epoch++) {
    if (epoch > 0 && mapped) {
      // The line itself moves: far from zero, height - mean*W would round a small step of b away.
      const pull = ba * rise + bb * height + bc;
      weight -= spread * (aa * rise + ab * height + ac) + mean * pull;
      bias -= pull;
    } else if (epoch > 0 && !still) {
      const before = [weight, bias];
      if (shuffled) shuffle(order, random);
      for (let first = 0; first < frame.n; first += batch)
        [weight, bias] = step(
          frame,
          [weight, bias],
          order,
          first,
          Math.min(first + batch, frame.n),
          lr,
        );
      still = !shuffled && weight === before[0] && bias === before[1];
    }
    if (next < spoils.length && spoils[next][0] === epoch) {
      [, weight, bias] = spoils[next++];
      still = false;
    }
    rise = spread * (weight - least[0]);
    height = mean * (weight - least[0]) + (bias - least[1]);
    const cost = mapped
      ? frame.leastCost + frame.n * (rise * rise + height * height)
      : summedCost(frame, [weight, bias]);
    if (!Number.isFinite(cost)) return { weights, biases, costs, last: epoch - 1, overflow: epoch };
    [weights[epoch], biases[epoch], costs[epoch]] = [weight, bias, cost];
  }
  return { weights, biases, costs, last: epochs, overflow: null };
}

/** The largest eigenvalue of the mean of a a^T over points with these means of x and x^2. */
const largestEigenvalue = (mean, square) => (square + 1 + Math.hypot(square - 1, 2 * mean)) / 2;

/**
 * The safe limit: the largest rate at which no step increases the error of its own batch. A step
 * multiplies it, along an eigenvector of the batch's H = mean(a a^T), by 1 - 2*lr*eigenvalue.
 * For a single point the eigenvalue is x^2 + 1. Shuffled batches can be any: the worst takes the
 * farthest points from both ends of x, and the short last batch of an epoch is the worst.
 */
function safeRate(frame, batch, shuffled) {
  const { xs, n } = frame;
  if (batch === 1) return 1 / (xs.reduce((most, x) => Math.max(most, x * x), 0) + 1);
  let largest = 0;
  const add = (points) => {
    const mean = points.reduce((sum, x) => sum + x, 0) / points.length;
    const square = points.reduce((sum, x) => sum + x * x, 0) / points.length;
    largest = Math.max(largest, largestEigenvalue(mean, square));
  };
  if (shuffled && batch < n) {
    const sorted = Float64Array.from(xs).sort();
    const length = n % batch || batch;
    for (let left = 0; left <= length; left++)
      add([...sorted.subarray(0, left), ...sorted.subarray(n - (length - left))]);
  } else {
    for (let first = 0; first < n; first += batch) add(xs.slice(first, first + batch));
  }
  return 1 / largest;
}

/** The first rate, going up, at which `diverges` is true, to a thousandth of a step of 0.5 %. */
function firstRate(low, growth, diverges) {
  let high = low;
  while (!diverges(high)) {
    low = high;
    high *= growth;
    if (!(high < 1e290)) return Infinity;
  }
  // Windows of convergence open again above the first crossing, so each round goes up once more.
  for (let round = 0; round < 3 && low < high; round++) {
    const width = (high - low) / 10;
    for (let k = 1; k < 10; k++) {
      if (diverges(low + k * width)) {
        high = low + k * width;
        break;
      }
      if (k === 9) low = high - width;
    }
    low = Math.max(low, high - width);
  }
  return high;
}

/** The divergence threshold of a fixed order: the first rate whose epoch no longer contracts. */
function divergingRate(frame, steps, safe) {
  return firstRate(safe, 1.005, (lr) => !(logRadius(frame, composed(frame, steps, lr)) < 0));
}

/**
 * Orders that stand for all: each with its reverse, which cancels what the order does to first
 * order in lr.
 */
function drawnOrders(n, count) {
  const random = randomNumbers(20);
  const orders = [];
  while (orders.length < count) {
    const order = shuffle(inOrder(n), random);
    orders.push(order, Int32Array.from(order).reverse());
  }
  return orders;
}

/**
 * How the means of (rise^2, rise*height, height^2, rise, height, 1) move in an epoch that takes
 * one of the maps by chance: the Kronecker square of an epoch's map, averaged. Shape 6 x 6.
 */
function meanSquareMap(maps) {
  const mean = Array.from({ length: 6 }, () => new Float64Array(6));
  for (const [a, b, c, p, q, r] of maps) {
    const rows = [
      [a * a, 2 * a * b, b * b, 2 * a * c, 2 * b * c, c * c],
      [a * p, a * q + b * p, b * q, a * r + c * p, b * r + c * q, c * r],
      [p * p, 2 * p * q, q * q, 2 * p * r, 2 * q * r, r * r],
      [0, 0, 0, a, b, c],
      [0, 0, 0, p, q, r],
      [0, 0, 0, 0, 0, 1],
    ];
    for (let i = 0; i < 6; i++) for (let j = 0; j < 6; j++) mean[i][j] += rows[i][j] / maps.length;
  }
  return mean;
}

/** The product of two square matrices. */
function product(one, other) {
  const n = one.length;
  return one.map((row) => {
    const result = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      const factor = row[k];
      const others = other[k];
      for (let j = 0; j < n; j++) result[j] += factor * others[j];
    }
    return result;
  });
}

/**
 * The logarithm of the spectral radius of E[M (x) M], by which the mean square of a shuffled
 * run's distance is multiplied each epoch: below 0 the run hovers, from 0 on it diverges.
 */
function logMeanSquareRadius(square) {
  let matrix = square.slice(0, 3).map((row) => row.slice(0, 3));
  let log = 0;
  for (let k = 0; k < 40; k++) {
    const size = Math.max(...matrix.map((row) => Math.max(...row.map(Math.abs))));
    if (!Number.isFinite(size)) return Infinity;
    if (size === 0) return -Infinity;
    log += Math.log(size) / 2 ** k;
    matrix = matrix.map((row) => row.map((value) => value / size));
    matrix = product(matrix, matrix);
  }
  return log;
}

/** The expected squared offset after so many epochs: [mean of rise^2 + height^2]. */
function expectedSquare(square, [rise, height], epochs) {
  let state = [rise * rise, rise * height, height * height, rise, height, 1];
  let matrix = square;
  for (let left = epochs; left >= 1; left = Math.floor(left / 2)) {
    if (left % 2) {
      const now = state;
      state = matrix.map((row) => row.reduce((sum, value, k) => sum + value * now[k], 0));
    }
    if (left > 1) matrix = product(matrix, matrix);
  }
  return state[0] + state[2];
}

/**
 * Excess cost after so many epochs at a rate; of a shuffled run the expected one. `orders` are the
 * steps of one epoch each, one in fixed order, several of a shuffled run. Infinity on overflow.
 */
function finalExcess(frame, orders, lr, epochs, start) {
  const offset = offsetOf(frame, start);
  const maps = orders.map((steps) => composed(frame, steps, lr).m);
  const squares =
    maps.length === 1
      ? applied(power(maps[0], epochs), offset).reduce((sum, value) => sum + value * value, 0)
      : expectedSquare(meanSquareMap(maps), offset, epochs);
  return Number.isFinite(squares) ? frame.n * Math.max(squares, 0) : Infinity;
}

const geometric = (low, high, count) =>
  Array.from({ length: count }, (_, i) => low * (high / low) ** (i / (count - 1)));

/**
 * The rate up to the safe limit with the lowest cost after so many epochs: a grid, narrowed three
 * times around the best. It has three digits, or more where the cost needs them.
 */
function bestRate(frame, orders, epochs, start, safe) {
  // Below this rate all the steps together are too short to matter.
  const low = (0.01 * safe) / (orders[0].count * epochs);
  let best = safe;
  const count = Math.min(Math.max(Math.floor(100000 / (frame.n * orders.length)), 32), 240);
  const evenly = (from, to, points) =>
    Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  // Near the safe limit the cost can dip and rise again within a geometric step.
  let rates = [...geometric(low, safe, count), ...evenly(safe / count, safe, count)];
  rates.sort((a, b) => a - b);
  for (let round = 0; round < 4; round++) {
    let [at, least] = [0, Infinity];
    rates.forEach((lr, i) => {
      const excess = finalExcess(frame, orders, lr, epochs, start);
      if (excess < least) [at, least] = [i, excess];
    });
    best = rates[at];
    const edges = [rates[Math.max(at - 1, 0)], rates[Math.min(at + 1, rates.length - 1)]];
    rates = evenly(...edges, Math.max(count >> 2, 6));
  }
  const excess = (lr) => finalExcess(frame, orders, lr, epochs, start);
  const least = 1.02 * excess(best) + 1e-3 * frame.leastCost;
  for (let digits = 3; digits < 16; digits++) {
    const rounded = Number(best.toPrecision(digits));
    const digit = 10 ** (Math.floor(Math.log10(best)) - digits + 1);
    const short = rounded <= safe ? rounded : Number((rounded - digit).toPrecision(digits));
    if (excess(short) <= least) return short;
  }
  return best;
}

/** How much longer than wide the valley of the cost is: the condition number of mean(a a^T). */
function conditionNumber(frame) {
  const largest = largestEigenvalue(frame.mean, frame.mean ** 2 + frame.spread ** 2);
  return (largest / frame.spread) * (largest / frame.spread);
}
