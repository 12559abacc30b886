// The picture of the products: the slope of tanh at z, and what many steps make of 1. The still
// picture is products.py's; a test holds both equal.
import { linear, logarithmic, plot, scientific } from "./axes.js";
import { bandY, curve, frame, key, markers, ruleX, ruleY, text } from "./plot.js";

export const KEPT_STEPS = 50;
export const FACTOR = 10;
const LOWS = [-2, -5, -10, -20, -50, -100, -200, -340]; // where the axis may end, powers of ten
const HIGHS = [2, 5, 10, 20, 50, 100, 200, 320];
const ENDS = [
  [2 ** -149, "float32: 0 below 1.4·10⁻⁴⁵"],
  [Number.MIN_VALUE, "float64: 0 below 4.9·10⁻³²⁴"],
  [(2 - 2 ** -23) * 2 ** 127, "float32: ∞ above 3.4·10³⁸"],
  [Number.MAX_VALUE, "float64: ∞ above 1.8·10³⁰⁸"],
];

/** tanh′(z), from the output of tanh. */
export const slopeAt = (z) => 1 - Math.tanh(z) * Math.tanh(z);

/** 1, and what it is after each step: the product as a program computes it, step by step. */
export function run(factor, steps) {
  const sizes = [1];
  for (let t = 1; t <= steps; t++) sizes.push(sizes[t - 1] * Math.abs(factor));
  return sizes;
}

/** The height and the marks of the picture, so many pixels wide. */
export function productsPicture({ w, z, steps }, width) {
  const wide = width >= 640;
  const left = wide ? [44, 54, 264, 290] : [44, 54, width - 20, 200];
  const right = wide ? [332, 54, width - 20, 290] : [58, 306, width - 20, 516];
  const body = slope(z, plot(...left, linear(-3, 3), linear(-1.2, 1.2, 5)));
  const runs = [run(w, steps), run(w * slopeAt(z), steps)];
  return { height: wide ? 336 : 562, body: body + sizes(runs, steps, right) };
}

function slope(z, p) {
  const [y, steep] = [Math.tanh(z), slopeAt(z)];
  const reach = 1.3 / Math.sqrt(1 + 4 * steep * steep); // the tangent is about as long at any slope
  const tangent = [-1, 1].map((side) => [z + side * reach, y + side * reach * steep]);
  const points = Array.from({ length: 61 }, (_, n) => [(n - 30) / 10, Math.tanh((n - 30) / 10)]);
  return frame(p, "z") + curve(p, points, 0) + curve(p, tangent, 2) + markers(p, [[z, y]], 2, 6) +
    text(p.left - 34, 20, "tanh, and its slope at z", "start", "lt-title") +
    text(p.left - 34, 40, `tanh′(z) = ${scientific(steep)}`, "start", "lt-key");
}

function sizes(runs, steps, box) {
  const found = runs.flat().filter((v) => v > 0 && v < Infinity).map(Math.log10);
  const low = LOWS.find((end) => end <= Math.min(...found));
  const high = HIGHS.find((end) => end >= Math.max(...found));
  const p = plot(...box, linear(0, steps), logarithmic(low, high, 7));
  const every = Math.ceil(steps / 10);
  const [alone, through] = runs.map((run) => run.map((v, t) => [t, v]));
  const keys = [[1, "|w|ᵗ"], [2, "|w·tanh′(z)|ᵗ"]];
  const [start, top] = [box[0] - 38, box[1] - 34];
  return bandY(p, 1 / FACTOR, FACTOR) + frame(p, "steps t") +
    ENDS.map(([value, words]) => ruleY(p, value, words)).join("") +
    (steps > KEPT_STEPS ? ruleX(p, KEPT_STEPS, "50 steps") : "") +
    curve(p, alone, 1, every) + curve(p, through, 2, every, Math.floor(every / 2)) +
    text(start, top, "what t steps make of 1", "start", "lt-title") +
    key(start, top + 16, keys.slice(0, 1)) + key(start + 110, top + 16, keys.slice(1));
}
