// The mathematics of the cliff figure: the loss of a chain of one unit, its gradient by
// backpropagation through time, and gradient descent. Read it beside lstm_teach/explorers/cliff.py;
// a test holds the numbers equal.
import { tanh } from "./forward.js";

/** The loss (h_T - target)² with h_t = tanh(u h_{t-1} + b), and its gradient [du, db]. */
export function lossAt([u, b], { h0, copies, target }) {
  const h = [h0];
  for (let t = 1; t <= copies; t++) h.push(tanh(h[t - 1] * u + b));
  let dh = 2 * (h[copies] - target);
  let [du, db] = [0, 0];
  for (let t = copies; t >= 1; t--) {
    const dz = dh * (1 - h[t] * h[t]);
    du += h[t - 1] * dz;
    db += dz;
    dh = dz * u;
  }
  return { loss: (h[copies] - target) ** 2, gradient: [du, db] };
}

/** Gradient descent from one start; clip 0 leaves every gradient as it is. lengths: before clipping. */
export function descend(start, rate, clip, problem) {
  const [points, losses, lengths] = [[start], [], []];
  for (let n = 0; n < problem.steps; n++) {
    const [u, b] = points[n];
    const { loss, gradient: [du, db] } = lossAt(points[n], problem);
    const length = Math.hypot(du, db);
    const factor = clip > 0 ? Math.min(1, clip / Math.max(length, clip)) : 1;
    losses.push(loss);
    lengths.push(length);
    points.push([u - rate * factor * du, b - rate * factor * db]);
  }
  losses.push(lossAt(points[problem.steps], problem).loss);
  return { points, losses, lengths };
}

/** The loss at the corners of the map's cells: rows from the lowest b upwards. */
export function surface(problem, columns, rows) {
  const [west, east, south, north] = problem.map;
  const corner = (low, high, n, count) => low + ((high - low) * n) / count;
  return Array.from({ length: rows + 1 }, (_, r) => Array.from({ length: columns + 1 }, (__, c) =>
    lossAt([corner(west, east, c, columns), corner(south, north, r, rows)], problem).loss));
}

/** Where descent ends from every start, and whether that is low ground for all. */
export function robust(rate, clip, problem) {
  const ends = problem.starts.map((start) => descend(start, rate, clip, problem).losses[problem.steps]);
  const low = ends.map((end) => end < problem.low);
  return { ends, low, count: low.filter(Boolean).length, reached: low.every(Boolean) };
}
