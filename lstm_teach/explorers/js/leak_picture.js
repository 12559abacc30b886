// The picture of the leak: what is left over the lag, and c on a stream without end. The still picture
// is leak_picture.py's; a test holds both equal.
import { at, linear, plot, roundOff, scientific } from "./axes.js";
import { bandY, curve, frame, key, ruleX, ruleY, text } from "./plot.js";

export const [KEEP, HIGHEST] = [20, 40]; // the goal: steps of half-life, and what c stays below
const TOP = 120; // of the stream's axis

/** How many steps halve what is kept; infinite where it is not halved. */
export function stepsToHalf(leak) {
  if (leak >= 1) return Infinity;
  return leak > 0 ? Math.log(0.5) / Math.log(leak) : 0;
}

/** The half-life as a sentence has it. */
export function halfLifeWords(leak) {
  if (leak === 1) return "nothing is lost";
  if (leak > 1) return `doubled every ${roundOff(Math.log(2) / Math.log(leak), 10).toFixed(1)} steps`;
  return `half-life ${roundOff(stepsToHalf(leak), 10).toFixed(1)} steps`;
}

/** The height and the marks of the picture, so many pixels wide. */
export function leakPicture(scene, width) {
  const wide = width >= 680;
  const middle = wide ? Math.floor(width / 2) : width - 16;
  const left = wide ? [52, 72, middle - 22, 300] : [52, 92, middle, 292];
  const right = wide ? [middle + 52, 72, width - 16, 300] : [52, 410, middle, 610];
  const body = fading(scene, plot(...left, linear(0, 100), linear(0, 1.5, 4)), wide) +
    piling(scene, plot(...right, linear(0, 200), linear(0, TOP)));
  return { height: wide ? 346 : 656, body };
}

const along = (values) => values.map((value, n) => [n, value]);

function fading({ leak, memory, gradient, halfLife }, p, wide) {
  const [x, y] = [p.across(0), p.down(0.5)];
  const size = `width="${at(p.across(KEEP) - x)}" height="${at(p.bottom - y)}"`;
  const [start, high] = [p.left - 42, p.top - (wide ? 30 : 50)];
  const beside = wide ? [start + 170, high] : [start, high + 20];
  return `<rect class="lt-band" data-kind="wrong" x="${at(x)}" y="${at(y)}" ${size}/>` +
    frame(p, "lag T − t") +
    (halfLife > 0 ? ruleX(p, halfLife, halfLifeWords(leak), 4) : "") + ruleY(p, 0.5, "goal: above ½ until lag 20") +
    curve(p, along(memory), 1, 10) + curve(p, along(gradient), 2, 10, 5) +
    text(start, high - 22, "what is left: memory and gradient", "start", "lt-title") +
    key(start, high, [[1, "of a pulse, in c"]]) + key(...beside, [[2, "of an error: ∂c_T/∂c_t"]]);
}

function piling({ stream, limit }, p) {
  const heads = limit < Infinity ? `limit ${scientific(limit)}` : "no limit";
  return bandY(p, 0, HIGHEST) + frame(p, "steps t") + ruleY(p, HIGHEST, "goal: stays below 40") +
    (limit < Infinity ? ruleY(p, limit, "", 4) : "") + curve(p, along(stream), 1, 20) +
    (limit < TOP ? text(p.left + 8, p.down(limit) - 6, "limit", "start", "lt-note") : "") +
    text(p.left - 42, p.top - 52, "c on a stream of ones, never reset", "start", "lt-title") +
    text(p.left - 42, p.top - 30, `c₂₀₀ = ${scientific(stream.at(-1))}; ${heads}`, "start", "lt-key");
}
