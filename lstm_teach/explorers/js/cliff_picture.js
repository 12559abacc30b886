// The picture of the cliff: the map with both ways, the lengths of the gradients, the losses. The
// still picture is cliff_picture.py's; a test holds both equal.
import { at, linear, logarithmic, number, plot, roundOff, scientific } from "./axes.js";
import { bandY, curve, frame, inside, key, marker, ruleX, ruleY, text } from "./plot.js";

export const [COLUMNS, ROWS] = [96, 60];
// Layers of shade: from which loss on, how opaque. Words on all of them keep their contrast.
export const LAYERS = [
  [0.01, 0.06], [0.02, 0.05], [0.04, 0.05], [0.06, 0.05], [0.08, 0.06], [0.3, 0.09], [1, 0.08], [2, 0.08],
];
const [CLIPPED, PLAIN] = [1, 4]; // the kinds of the two ways

/** The height and the marks of the picture, so many pixels wide. ground(p) draws the loss. */
export function cliffPicture(scene, width, ground = () => "") {
  const wide = width >= 680;
  const [west, east, south, north] = scene.problem.map;
  const right = wide ? width - 330 : width - 14;
  const tall = wide ? 350 : Math.round(0.8 * (right - 52));
  const map = plot(52, 64, right, 64 + tall, linear(west, east), linear(south, north));
  const [left, top] = wide ? [right + 66, 64] : [58, tall + 178];
  const steps = linear(0, scene.problem.steps);
  const lengths = plot(left, top, width - 16, top + 130, { ...steps, ticks: [] }, logarithmic(-6, 4, 5));
  const losses = plot(left, top + 190, width - 16, top + 350, steps, logarithmic(-6, 1, 7));
  const body = land(scene, ground(map), map) + gradients(scene, lengths) + fall(scene, losses);
  return { height: Math.max(64 + tall, top + 350) + 50, body };
}

/** The edge of the cliff as maps draw it: a line, with teeth on the side that lies low. */
function edge({ h0, map: [, east] }, p) {
  const b = (u) => Math.atanh(h0) - h0 * u;
  const [west, ends] = [1 / (1 - h0 * h0), 24];
  const u = Array.from({ length: ends + 1 }, (_, n) => west + ((east - west) * n) / ends);
  const teeth = u.slice(1, -1).map((one) => `M${at(p.across(one))},${at(p.down(b(one)))} l-3,6`);
  const line = `M${at(p.across(west))},${at(p.down(b(west)))} L${at(p.across(east))},${at(p.down(b(east)))}`;
  return inside(p, `<path class="lt-line lt-rail" d="${line} ${teeth.join(" ")}"/>`);
}

function land({ ways: [clipped, plain], clip, steps, problem }, ground, p) {
  const note = (u, b, words, anchor = "start") =>
    text(p.across(u), p.down(b), words, anchor, "lt-note");
  const slope = (p.down(-0.5) - p.down(0)) / (p.across(2) - p.across(1));
  const turn = `rotate(${at((Math.atan(slope) * 180) / Math.PI)} ${at(p.across(2.1))} ${at(p.down(-0.47))})`;
  const dot = ([u, b], n) => marker(p.across(u), p.down(b), PLAIN, 2.6) +
    text(p.across(u) + 6, p.down(b) + 15, String(n + 1), "start", "lt-note");
  return `<rect class="lt-band" data-kind="goal" x="${at(p.left)}" y="${at(p.top)}" ` +
    `width="${at(p.right - p.left)}" height="${at(p.bottom - p.top)}"/>` + ground + frame(p, "u", "b") +
    edge(problem, p) + note(2.14, 0.24, "high ground: loss over 2", "end") + note(0.44, -0.46, "low ground") +
    note(2.1, -0.47, "cliff", "middle").replace("<text", `<text transform="${turn}"`) +
    problem.starts.map(dot).join("") +
    (clip > 0 ? way(clipped.points.slice(0, steps + 1), CLIPPED, p) : "") +
    way(plain.points.slice(0, steps + 1), PLAIN, p) +
    text(10, 20, "the loss over u and b", "start", "lt-title") +
    key(190, 16, [[PLAIN, "without clipping"]]) +
    (clip > 0 ? key(190, 36, [[CLIPPED, `clipped to ${number(clip)}`]]) : "");
}

/** One way on the map; where it ends outside, an arrow at the edge says where it is. */
function way(points, kind, p) {
  const pixels = points.map(([u, b]) => [
    p.left + ((u - p.x.low) / (p.x.high - p.x.low)) * (p.right - p.left),
    p.bottom - ((b - p.y.low) / (p.y.high - p.y.low)) * (p.bottom - p.top),
  ]);
  const pieces = pixels.slice(1).map((to, n) => cut(pixels[n], to, p)).filter(Boolean);
  const d = pieces.map(([from, to]) => `M${from.map(at).join()} L${to.map(at).join()}`).join(" ");
  const line = `<path class="lt-curve" data-kind="${kind}" d="${d}"/>`;
  const holds = ([x, y]) => x >= p.left && x <= p.right && y >= p.top && y <= p.bottom;
  const dots = pixels.filter(holds).map(([x, y]) => marker(x, y, kind, 2.6)).join("");
  const [end, [u, b]] = [pixels.at(-1), points.at(-1)];
  if (holds(end)) return line + dots + marker(...end, kind, 6.5);
  const edge = pieces.at(-1)?.[1] ?? [p.left, p.top];
  const late = edge[0] > (p.left + p.right) / 2;
  const words = `to u = ${number(roundOff(u, 10))}, b = ${number(roundOff(b, 10))}`;
  const low = Math.min(Math.max(edge[1] + (kind === PLAIN ? 18 : 36), p.top + 18), p.bottom - 8);
  return line + dots + marker(...edge, kind, 6.5) +
    text(edge[0] + (late ? -12 : 12), low, words, late ? "end" : "start", "lt-note");
}

/** The part of a piece of way that lies on the map (Liang and Barsky's rule), or null. */
function cut([x, y], [toX, toY], { left, top, right, bottom }) {
  const [dx, dy] = [toX - x, toY - y];
  let [from, to] = [0, 1];
  for (const [slope, room] of [[-dx, x - left], [dx, right - x], [-dy, y - top], [dy, bottom - y]]) {
    if (slope === 0 && room < 0) return null;
    if (slope < 0) from = Math.max(from, room / slope);
    if (slope > 0) to = Math.min(to, room / slope);
  }
  return from > to ? null : [[x + from * dx, y + from * dy], [x + to * dx, y + to * dy]];
}

function gradients({ ways: [clipped, plain], clip, steps }, p) {
  const along = (values) => values.slice(0, steps).map((value, n) => [n, value]);
  return frame(p) + (clip > 0 ? ruleY(p, clip, `clip ${number(clip)}`) : "") +
    (clip > 0 ? curve(p, along(clipped.lengths), CLIPPED, 10) : "") + curve(p, along(plain.lengths), PLAIN, 10, 5) +
    text(p.left - 48, p.top - 44, "length of the gradient", "start", "lt-title") +
    text(p.left - 48, p.top - 24, `longest: ${scientific(Math.max(...plain.lengths))} without clipping`,
      "start", "lt-key");
}

function fall({ ways: [clipped, plain], clip, steps, problem }, p) {
  const along = (values) => values.slice(0, steps + 1).map((value, n) => [n, value]);
  return bandY(p, 1e-6, problem.low, "goal: ends in here") + frame(p, "steps of descent") +
    (steps < problem.steps ? ruleX(p, steps) : "") +
    (clip > 0 ? curve(p, along(clipped.losses), CLIPPED, 10) : "") + curve(p, along(plain.losses), PLAIN, 10, 5) +
    text(p.left - 48, p.top - 14, "loss", "start", "lt-title");
}
