// The picture of the scalar cell: its layers over x, and what happens at every step.
// The still picture is scalar_picture.py's; a test holds both equal.
import { at, linear, plot } from "./axes.js";
import { signed } from "./controls.js";
import { logistic, tanh } from "./forward.js";
import { curve, frame, inside, key, markers, ruleX, text } from "./plot.js";

const LAYERS = [[1, "i, input gate"], [2, "f, forget gate"], [3, "g, candidate"], [4, "o, output gate"]];
const ENDS = [1, 1.5, 2, 5, 10, 20]; // where the axis of c may end
const KEPT = 0.1; // how far c may stray, as a part of it

/** The height and the marks of the picture, so many pixels wide. */
export function scalarPicture(scene, width) {
  const wide = width >= 680;
  const box = wide ? [44, 100, 412, 396] : [44, 100, width - 18, 330];
  const [left, top] = wide ? [488, 54] : [44, 434];
  const curves = layerCurves(scene, plot(...box, linear(-1.2, 1.2), linear(-1.1, 1.1)));
  return { height: top + 388, body: curves + stepRows(scene, left, top, width - 18) };
}

/** The four layers over x, with h as it is before step t, and where the goal wants i. */
function layerCurves({ t, keyStep, weights, x: symbols, h: outputs }, p) {
  const [h, now, wanted] = [outputs[t - 1], symbols[t - 1], symbols[keyStep - 1]];
  const places = [52, 72].flatMap((y) => [0, 176].map((x) => [p.left - 34 + x, y]));
  const different = [...new Set(symbols)].sort((a, b) => a - b);
  const lines = LAYERS.map(([kind, words], n) => {
    const [w, u, b] = weights[n];
    const height = (x) => (kind === 3 ? tanh : logistic)(w * x + h * u + b);
    const points = Array.from({ length: 121 }, (_, k) => [(k - 60) / 50, height((k - 60) / 50)]);
    return curve(p, points, kind, 24, 6 * n) + markers(p, [[now, height(now)]], kind, 7) +
      key(...places[n], [[kind, words]]);
  });
  const title = `the layers over x (h before step ${t}: ${signed(h)})`;
  return text(p.left - 34, 22, title, "start", "lt-title") +
    frame(p, "x") + ruleX(p, now) + lines.reverse().join("") +
    different.map((x) => target(p, x, x === wanted)).join("") +
    text(p.across(wanted), p.down(1) - 8, "key", "middle", "lt-note");
}

/** A box that the curve of i must pass for this symbol: above 0.9, or below 0.1. */
function target(p, x, wanted) {
  const [low, high] = wanted ? [0.9, 1] : [0, 0.1];
  const [left, top] = [p.across(x - 0.06), p.down(high)];
  const size = `width="${at(p.across(x + 0.06) - left)}" height="${at(p.down(low) - top)}"`;
  return `<rect class="lt-target" x="${at(left)}" y="${at(top)}" ${size}/>`;
}

/** x, i, c and h of every step, a row of bars each. */
function stepRows({ t, keyStep, x, i, c, h }, left, top, right) {
  const steps = linear(0.5, x.length + 0.5, 12);
  const reach = 1.15 * Math.max(...c.map(Math.abs));
  const end = ENDS.find((one) => one >= reach);
  const rows = [
    ["x, input", x, linear(-1, 1, 2)],
    ["i, input gate", i, linear(0, 1, 1)],
    ["c, cell state", c, linear(-end, end, 3)],
    ["h, output", h.slice(1), linear(-1, 1, 2)],
  ];
  return rows.map(([words, values, axis], n) => {
    const y = top + 88 * n;
    const last = n === rows.length - 1;
    const p = plot(left, y, right, y + 56, last ? steps : { ...steps, ticks: [] }, axis);
    const before = n > 0 ? "" : column(p, t, top + 3 * 88 + 56) +
      text(p.across(keyStep), p.bottom - 7, "key", "middle", "lt-note");
    return before + bars(p, values) + frame(p, last ? "step t" : "") + (n === 2 ? band(p, c, keyStep) : "") +
      text(left - 34, y - 12, `${words}: ${signed(values[t - 1])}`, "start", "lt-title");
  }).join("");
}

/** The strip behind step t. */
function column(p, t, bottom) {
  const [x, wide] = [p.across(t - 0.5), p.across(t + 0.5) - p.across(t - 0.5)];
  const size = `width="${at(wide)}" height="${at(bottom - p.top)}"`;
  return `<rect class="lt-band" data-kind="goal" x="${at(x)}" y="${at(p.top)}" ${size}/>`;
}

/** From the key symbol to the end: as far as c may stray. */
function band(p, c, step) {
  const lines = [1 - KEPT, 1 + KEPT].map((part) =>
    `M${at(p.across(step + 0.5))},${at(p.down(c[step - 1] * part))} H${at(p.right)}`);
  return inside(p, `<path class="lt-rule" data-kind="zero" d="${lines.join(" ")}"/>`);
}

/** A bar from 0 to each value: its place and its colour say the sign. */
function bars(p, values) {
  const zero = p.down(0);
  const shapes = values.map((value, n) => {
    const [x, y] = [p.across(n + 0.65), p.down(value)];
    const size = `width="${at(p.across(n + 1.35) - x)}" height="${at(Math.abs(y - zero))}"`;
    const place = `x="${at(x)}" y="${at(Math.min(y, zero))}" ${size}`;
    return `<rect class="lt-amount" data-sign="${value < 0 ? "negative" : "positive"}" ${place}/>`;
  });
  return inside(p, shapes.join("")) + `<path class="lt-grid" d="M${at(p.left)},${at(zero)} H${at(p.right)}"/>`;
}
