// The picture of the forget bias: the logistic curve at the bias, and the gradient over the lag. The
// still picture is forget_bias_picture.py's; a test holds both equal.
import { at, linear, logarithmic, plot, roundOff } from "./axes.js";
import { curve, frame, key, markers, ruleY, text } from "./plot.js";
import { logistic } from "./forward.js";

export const [LEFT, FORGETS] = [0.1, 0.99]; // the goal: of the gradient, and what f stays below
const LOWS = [-3, -6, -12]; // where the axis may end, as powers of ten
const ROUNDING = 2 ** -23; // what float32 cannot add to 1

/** The half-life as a sentence has it. */
export const halfLifeWords = (halfLife) => `half-life ${roundOff(halfLife, 10).toFixed(1)} steps`;

/** The height and the marks of the picture, so many pixels wide. */
export function forgetBiasPicture(scene, width) {
  const wide = width >= 680;
  const left = wide ? [44, 72, 270, 300] : [44, 72, width - 20, 222];
  const right = wide ? [348, 72, width - 20, 300] : [58, 370, width - 20, 600];
  const least = Math.min(...scene.powers, ...scene.norms);
  const low = LOWS.find((end) => 10 ** end <= least) ?? LOWS.at(-1);
  const body = gate(scene, plot(...left, linear(-2, 8), linear(0, 1.1))) +
    gradient(scene, plot(...right, linear(0, 100), logarithmic(low, 1, 7)), wide);
  return { height: wide ? 346 : 646, body };
}

function gate({ bias, f, halfLife }, p) {
  const points = Array.from({ length: 101 }, (_, n) => [(n - 20) / 10, logistic((n - 20) / 10)]);
  return frame(p, "forget bias b_f") + ruleY(p, FORGETS) + curve(p, points, 0) +
    curve(p, [[bias, 0], [bias, f], [-2, f]], 2) + markers(p, [[bias, f]], 2, 6) +
    text(p.right - 4, p.down(FORGETS) + 26, "goal: below 0.99", "end", "lt-note") +
    text(p.left - 34, 20, "the forget gate: f = σ(b_f)", "start", "lt-title") +
    text(p.left - 34, 46, `f = ${f.toFixed(4)}, ${halfLifeWords(halfLife)}`, "start", "lt-key");
}

function gradient({ powers, norms }, p, wide) {
  const [x, y] = [p.across(97), p.down(LEFT)];
  const box = `x="${at(x)}" y="${at(p.top)}" width="${at(p.right - x)}" height="${at(y - p.top)}"`;
  const [start, high] = [p.left - 48, p.top - (wide ? 30 : 50)];
  const beside = wide ? [start + 226, high] : [start, high + 20];
  const along = (values) => values.map((value, k) => [k, value]);
  return `<rect class="lt-band" data-kind="goal" ${box}/>` + frame(p, "lag T − t") +
    ruleY(p, 1, "", "zero") +
    ruleY(p, ROUNDING, wide ? "lost in float32 beside 1" : "lost in float32") +
    curve(p, along(powers), 2, 10, 5) + curve(p, along(norms), 1, 10) +
    text(p.right - 4, y + 17, "goal: ends up here", "end", "lt-note") +
    text(start, high - 22, "the gradient of c over the lag", "start", "lt-title") +
    key(start, high, [[1, "‖∂c_T/∂c_t‖, measured"]]) + key(...beside, [[2, "fⁿ, n the lag: the gate alone"]]);
}
