// The picture of the paths: the LSTM's module with the ways of the gradient, and its size over the lag.
// The still picture is paths_picture.py's; a test holds both equal.
import { at, linear, logarithmic, plot, roundOff } from "./axes.js";
import { curve, frame, key, ruleY, text } from "./plot.js";

const PLACES = { carousel: [336, 120], i: [244, 288], f: [244, 216], g: [244, 360], o: [244, 432] };
const [LOW, HIGH] = [-20, 15]; // where the axis ends, as powers of ten

/** The wires and the nodes of the module that a gradient on its way from c to c passes. */
export function lit(on) {
  const cToH = on.i || on.f || on.g; // without one of these, nothing comes back to h
  const parts = {
    c_before: on.carousel,
    "kept keep": on.carousel || on.f,
    "c add": on.carousel || cToH,
    f: on.f,
    i: on.i,
    g: on.g,
    "written write": on.i || on.g,
    o: on.o && cToH,
    "merge merged h_before h reveal tanh_c squash": cToH,
  };
  return Object.entries(parts).flatMap(([names, passed]) => (passed ? names.split(" ") : []));
}

/** On the module: a cross where a path is cut, and the factor of a step where it is not. */
export const marks = ({ on, factors: sizes }) => Object.entries(PLACES).map(([name, [x, y]]) => {
  const [left, base] = name === "carousel" ? [x, y - 22] : [368, y + 26];
  const words = (what) => text(left, base, what, "middle", "lt-factor");
  if (on[name]) return words(`× ${small(sizes[name])}`);
  return `<path class="lt-cut" d="M${x - 9},${y - 9} l18,18 m0,-18 l-18,18"/>${words("cut")}`;
}).join("");

/** A factor in few signs: 0.042, 0.37, 12.3. */
export function small(value) {
  if (value < 0.0995) return roundOff(value, 1000).toFixed(3);
  return value < 9.995 ? roundOff(value).toFixed(2) : roundOff(value, 10).toFixed(1);
}

/** The height and the marks of the chart below the module, so many pixels wide. */
export function pathCurves(scene, width) {
  const wide = width >= 640;
  const top = wide ? 76 : 116;
  const p = plot(56, top, width - 18, top + 240, linear(0, scene.norms.length - 1), logarithmic(LOW, HIGH));
  const [left, high, low] = [p.across(46), p.down(1e3), p.down(1e-6)];
  const targets = [[p.top, high], [low, p.bottom]].map(([y, end]) =>
    `<rect class="lt-band" data-kind="goal" x="${at(left)}" y="${at(y)}" ` +
    `width="${at(p.right - left)}" height="${at(end - y)}"/>`);
  const keys = [[1, "the paths that are on"], [3, "all paths"], [2, "product of f, largest unit"]];
  const places = wide ? [[0, 0], [226, 0], [364, 0]] : [[0, 0], [0, 20], [0, 40]];
  const along = (name) => scene[name].map((size, k) => [k, size]);
  const body = targets.join("") + frame(p, "lag T − t") + ruleY(p, 1, "", "zero") +
    curve(p, along("products"), 2, 10, 5) + curve(p, along("norms"), 1, 10) + curve(p, along("whole"), 3, 10, 8) +
    text(left - 6, p.top + 14, "goal: all paths end in here", "end", "lt-note") +
    text(left - 6, p.bottom - 8, "goal: the product ends in here", "end", "lt-note") +
    text(18, 22, "‖∂c_T/∂c_t‖ over the lag T − t", "start", "lt-title") +
    places.map(([x, y], n) => key(18 + x, 46 + y, keys.slice(n, n + 1))).join("");
  return { height: top + 288, body };
}
