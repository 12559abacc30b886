// The picture of the back flow: the copies, and under each what comes back to it; and dU over k.
// The still picture is backflow_picture.py's; a test holds both equal.
import { at, linear, plot } from "./axes.js";
import { signed } from "./controls.js";
import { bandY, curve, frame, marker, markers, ruleX, ruleY, text } from "./plot.js";

const HIGH = 22; // the longest bar
const ENDS = [1, 2, 5].flatMap((n) => [-2, -1, 0, 1, 2, 3, 4].map((d) => n * 10 ** d)).sort((a, b) => a - b);

/** scene: t, k, every, h, and the way back whole and cut, as backward.js gives them. */
export function flowPicture({ t, k, h, whole, cut }, width) {
  const wide = width >= 640;
  const side = wide ? 128 : 8;
  const last = h.length - 1;
  const pitch = (width - side - 8) / last;
  const centre = (step) => side + pitch * (step - 0.5);
  const largest = (...lists) => Math.max(...lists.flat().map(Math.abs)) || 1;
  const error = largest(whole.dh.slice(1), cut.dh.slice(1));
  const rows = [
    ["hₜ", "output", h, h, 1],
    ["dhₜ = ∂L/∂hₜ", "error that arrives", cut.dh, whole.dh, error],
    ["δₜ = ∂L/∂zₜ", "before the tanh", cut.delta, whole.delta, error],
    ["δₜ · hₜ₋₁", "its share of dU", cut.share, whole.share, largest(whole.share, cut.share)],
  ];
  let y = 64;
  const out = [];
  rows.forEach(([name, words, values, full, scale], n) => {
    if (n === 1) {
      out.push(errorLine(y + 10, { t, k, direct: cut.direct }, centre, pitch));
      y += 22;
    }
    const soFar = n < 3 ? "" : `so far ${signed(values.reduce((sum, v, step) => sum + (step < t ? 0 : v), 0))}`;
    const title = wide ? name : `${name}: ${words}${soFar && `, ${soFar}`}`;
    out.push(text(8, y + (wide ? 22 : 14), title, "start", "lt-title"));
    if (wide) out.push(text(8, y + 40, words) + text(8, y + 58, soFar, "start", "lt-key"));
    y += wide ? 0 : 18;
    out.push(`<path class="lt-grid" d="M${at(side)},${at(y + 26)} H${at(width - 8)}"/>`);
    for (let step = n === 0 ? 1 : t; step <= last; step++) {
      const bar = (value, style) => amount(centre(step), y + 26, value / scale, pitch, style);
      out.push((full[step] === values[step] ? "" : bar(full[step], "lt-ghost")) + bar(values[step], "lt-amount"));
      const style = !wide ? "lt-note" : step === t ? "lt-key" : "lt-tick";
      const middle = Math.max(centre(step), 24);
      if (wide || step === t) out.push(text(middle, y + 62, signed(values[step]), "middle", style));
    }
    y += 68;
  });
  y += 8;
  h.forEach((_, step) => {
    if (step > 0) out.push(text(centre(step), y + 10, String(step), "middle", step === t ? "lt-key" : "lt-tick"));
  });
  if (wide) out.push(text(8, y + 10, "step t"));
  y += 18;
  const column = `x="${at(centre(t) - pitch / 2)}" y="24" width="${at(pitch)}" height="${at(y - 24)}"`;
  const cuts = spans(last, k).slice(1).map(([start]) =>
    `<path class="lt-rule" data-kind="cut" d="M${at(centre(start) - pitch / 2)},134 V${at(y)}"/>`);
  return {
    height: y + 4,
    body: `<rect class="lt-band" data-kind="goal" rx="6" ${column}/>` +
      copies(side, width, centre, pitch, cut.direct) + cuts.join("") + out.join(""),
  };
}

/** The first and last step of each span. */
const spans = (last, k) =>
  Array.from({ length: Math.ceil(last / k) }, (_, n) => [n * k + 1, Math.min(n * k + k, last)]);

/** The tanh layers on their thread, and an arrow where a loss looks at an output. */
function copies(side, width, centre, pitch, direct) {
  const half = Math.min(22, pitch / 2 - 4);
  const out = [`<path class="lt-line" d="M${at(side)},44 H${at(width - 14)}"/>` + head(width - 6, 44, 9, 0)];
  direct.forEach((error, step) => {
    if (step === 0) return;
    const x = centre(step);
    out.push(`<rect class="lt-layer" x="${at(x - half)}" y="30" width="${at(2 * half)}" height="28" rx="5"/>`);
    const words = half > 18 ? "tanh" : "";
    out.push(`<text class="lt-sign" x="${at(x)}" y="48.5" font-size="13">${words}</text>`);
    if (error !== 0) out.push(`<path class="lt-error" d="M${at(x)},8 V18"/>` + head(x, 27, 0, 9, "lt-error-head"));
  });
  const style = pitch < 40 ? "lt-note" : "lt-key";
  return out.join("") + text(centre(direct.length - 1) - 9, 17, "loss", "end", style);
}

/** The way of the error: from each loss back to step t, or to the cut before it. Where the error of
 *  a step's own loss meets what comes back, they add. */
function errorLine(y, { t, k, direct }, centre, pitch) {
  const last = direct.length - 1;
  const seen = spans(last, k).filter(([, end]) => end >= t && direct[end] !== 0);
  return seen.map(([start, end]) => {
    const stop = Math.max(start, t);
    const x = centre(stop) - 0.42 * pitch;
    const line = `<path class="lt-error" d="M${at(centre(end) + 0.38 * pitch)},${at(y)} H${at(x + 8)}"/>`;
    const meets = (step) => direct[step] !== 0 && stop <= step && step < end;
    const meeting = direct.map((_, step) => (meets(step) ? sum(centre(step), y) : ""));
    return line + head(x, y, -9, 0, "lt-error-head") + meeting.join("");
  }).join("");
}
const sum = (x, y) => `<circle class="lt-op" cx="${at(x)}" cy="${at(y)}" r="8"/>` +
  `<text class="lt-sign" x="${at(x)}" y="${at(y + 5)}" font-size="15">+</text>`;

/** An arrow head with its tip at (x, y), pointing along (dx, dy). */
function head(x, y, dx, dy, style = "lt-head") {
  const [left, right] = [[-dx - dy / 2, -dy + dx / 2], [-dx + dy / 2, -dy - dx / 2]];
  const corners = [left, right].map(([a, b]) => `L${at(x + a)},${at(y + b)}`);
  return `<path class="${style}" d="M${at(x)},${at(y)} ${corners.join(" ")} Z"/>`;
}

function amount(x, zero, part, pitch, style) {
  const [size, wide] = [Math.abs(part) * HIGH, Math.min(24, 0.6 * pitch)];
  const box = `x="${at(x - wide / 2)}" y="${at(part < 0 ? zero : zero - size)}" width="${at(wide)}"`;
  return `<rect class="${style}" data-sign="${part < 0 ? "negative" : "positive"}" ${box} height="${at(size)}"/>`;
}

/** dU over the length of the spans; over[k - 1] belongs to k. */
export function cutPicture({ k, over }, width, top = 0) {
  const whole = over[over.length - 1];
  const end = ENDS.find((one) => one >= Math.max(...over.map(Math.abs)));
  const p = plot(60, top + 58, width - 16, top + 218, linear(1, over.length, 12), linear(-end, end, 5));
  const points = over.map((dU, n) => [n + 1, dU]);
  const wrong = whole < 0 ? [0, end] : [-end, 0];
  const body = (whole === 0 ? "" : bandY(p, ...wrong, "wrong way", "wrong")) +
    frame(p, "k, steps of a span") + ruleX(p, k) + ruleY(p, 0, "", "zero") +
    ruleY(p, whole, "", 1) + curve(p, points, 2, 1) +
    markers(p, [[k, over[k - 1]]], 2, 8) +
    text(20, top + 18, "dU, cut into spans of k steps", "start", "lt-title") +
    `<path class="lt-rule" data-kind="1" d="M20,${at(top + 37)} h28"/>` +
    text(54, top + 41, `whole ${signed(whole)}`, "start", "lt-key") +
    marker(170, top + 37, 2, 6) + text(184, top + 41, `cut ${signed(over[k - 1])}`, "start", "lt-key");
  return { height: top + 262, body };
}
