// Charts as SVG text: frames, curves, points, reference lines, cells. Read it beside plot.py, which
// draws the still pictures: the same functions return the same text, and a test holds them equal.
// Lengths are pixels; kinds 1 to 4 differ in colour, dash and marker (plot.css).
import { at, roundOff } from "./axes.js";

const LEVELS = 12; // shades of a cell

const escape = (words) => words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
export const text = (x, y, words, anchor = "start", style = "lt-tick") =>
  `<text class="${style}" x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${escape(words)}</text>`;
const path = (style, kind, d) => `<path class="${style}" data-kind="${kind}" d="${d}"/>`;

/** The axes with their ticks and names, and a faint line across at each tick of y. */
export function frame(p, xLabel = "", yLabel = "") {
  const out = [];
  for (const [share, words] of p.y.ticks) {
    const y = p.bottom - (p.bottom - p.top) * share;
    out.push(`<path class="lt-grid" d="M${at(p.left)},${at(y)} H${at(p.right)}"/>`);
    out.push(text(p.left - 7, y + 4.5, words, "end"));
  }
  for (const [share, words] of p.x.ticks) {
    const x = p.left + (p.right - p.left) * share;
    out.push(`<path class="lt-axis" d="M${at(x)},${at(p.bottom)} v5"/>`);
    out.push(text(x, p.bottom + 19, words, "middle"));
  }
  out.push(`<path class="lt-axis" d="M${at(p.left)},${at(p.top)} V${at(p.bottom)} H${at(p.right)}"/>`);
  if (xLabel) out.push(text((p.left + p.right) / 2, p.bottom + 38, xLabel, "middle", "lt-axis-name"));
  if (yLabel) out.push(text(p.left - 7, p.top - 10, yLabel, "start", "lt-axis-name"));
  return out.join("");
}

/** A line through points [x, y], cut off at the frame; NaN breaks it; a marker at every so many. */
export function curve(p, points, kind = 1, every = 0, first = 0) {
  let pen = "M";
  const parts = [];
  for (const [x, y] of points) {
    const broken = Number.isNaN(x) || Number.isNaN(y);
    if (!broken) parts.push(`${pen}${at(p.across(x))},${at(p.down(y))}`);
    pen = broken ? "M" : "L";
  }
  const chosen = points.filter((_, n) => every && n % every === first);
  return inside(p, path("lt-curve", kind, parts.join(" "))) + markers(p, chosen, kind);
}

/** A marker at each point [x, y] that lies on the axes: ● ■ ▲ ◆ for kinds 1 to 4. */
export const markers = (p, points, kind = 1, size = 4.5) =>
  points.filter(([x, y]) => p.x.holds(x) && p.y.holds(y))
    .map(([x, y]) => marker(p.across(x), p.down(y), kind, size)).join("");

/** One marker at a pixel. */
export function marker(x, y, kind = 1, r = 4.5) {
  const shape = {
    1: ["m", -1, 0, "a", 1, 1, "0 1 0", 2, 0, "a", 1, 1, "0 1 0", -2, 0],
    2: ["m", -1, -1, "h", 2, "v", 2, "h", -2],
    3: ["m", 0, -1.2, "l", 1.2, 2.1, "h", -2.4],
    4: ["m", 0, -1.4, "l", 1.4, 1.4, "l", -1.4, 1.4, "l", -1.4, -1.4],
  }[kind];
  const d = shape.map((part) => (typeof part === "string" ? part : at(part * r))).join(" ");
  return path("lt-marker", kind, `M${at(x)},${at(y)} ${d} Z`);
}

/** A dashed line across at a value of y, or upright at one of x; nothing where it is off the axis. */
export function ruleY(p, value, words = "", kind = "limit") {
  if (!p.y.holds(value)) return "";
  const y = p.down(value);
  const line = path("lt-rule", kind, `M${at(p.left)},${at(y)} H${at(p.right)}`);
  return line + (words ? text(p.right - 4, y - 6, words, "end", "lt-note") : "");
}
export function ruleX(p, value, words = "", kind = "limit") {
  if (!p.x.holds(value)) return "";
  const x = p.across(value);
  const line = path("lt-rule", kind, `M${at(x)},${at(p.top)} V${at(p.bottom)}`);
  const place = p.x.share(value) > 0.6 ? [x - 6, p.top + 13, words, "end"] : [x + 6, p.top + 13, words, "start"];
  return line + (words ? text(...place, "lt-note") : "");
}

/** The values of y from low to high as a tinted strip. kind: "goal" or "wrong". */
export function bandY(p, low, high, words = "", kind = "goal") {
  const [top, bottom] = [Math.max(p.down(high), p.top), Math.min(p.down(low), p.bottom)];
  if (bottom <= top) return "";
  const box = `x="${at(p.left)}" y="${at(top)}" width="${at(p.right - p.left)}" height="${at(bottom - top)}"`;
  const note = words ? text(p.left + 8, bottom - 6, words, "start", "lt-note") : "";
  return `<rect class="lt-band" data-kind="${kind}" ${box}/>${note}`;
}

/** Values -1 to 1 as shaded squares that fill the frame, the first row at the bottom. The shade
 *  says the size, the colour the sign; NaN stays empty. */
export function cells(p, rows) {
  const [wide, high] = [(p.right - p.left) / rows[0].length, (p.bottom - p.top) / rows.length];
  const shades = { negative: {}, positive: {} };
  rows.forEach((row, r) => row.forEach((value, c) => {
    if (Number.isNaN(value)) return;
    const level = roundOff(Math.min(Math.abs(value), 1) * LEVELS, 1);
    const square = `M${at(p.left + c * wide)},${at(p.bottom - (r + 1) * high)}`;
    const shade = (shades[value < 0 ? "negative" : "positive"][level] ??= []);
    shade.push(`${square}h${at(wide)}v${at(high)}h${at(-wide)}z`);
  }));
  return Object.entries(shades).flatMap(([sign, levels]) =>
    Object.entries(levels).map(([level, squares]) => `<path class="lt-cell" data-sign="${sign}" ` +
      `fill-opacity="${at(level / LEVELS)}" d="${squares.join("")}"/>`)).join("");
}

/** A circle around (x, y), its radius in the units of the axes. */
export function disc(p, x, y, radius, kind = "limit") {
  const [rx, ry] = [p.across(x + radius) - p.across(x), p.down(y) - p.down(y + radius)];
  const place = `cx="${at(p.across(x))}" cy="${at(p.down(y))}" rx="${at(rx)}" ry="${at(ry)}"`;
  return inside(p, `<ellipse class="lt-disc" data-kind="${kind}" ${place}/>`);
}

/** What is drawn, cut off at the frame. (A nested <svg>: url(#...) breaks in notebooks.) */
export function inside(p, svg) {
  const [x, y, width, height] = [p.left, p.top, p.right - p.left, p.bottom - p.top].map(at);
  const size = `x="${x}" y="${y}" width="${width}" height="${height}"`;
  return `<svg ${size} viewBox="${x} ${y} ${width} ${height}">${svg}</svg>`;
}

/** What each kind of line means: [kind, words], one below the other from (x, y) on. */
export const key = (x, y, entries, lower = 20) =>
  entries.map(([kind, words], n) => {
    const line = y + n * lower;
    return path("lt-curve", kind, `M${at(x)},${at(line)} h34`) + marker(x + 17, line, kind) +
      text(x + 42, line + 4.5, words, "start", "lt-key");
  }).join("");
