// The picture of the spectrum: the eigenvalues in the plane, the gradient over the lag, the slopes.
// The still picture is spectrum_picture.py's; a test holds both equal.
import { at, linear, logarithmic, plot } from "./axes.js";
import { curve, disc, frame, key, markers, ruleY, text } from "./plot.js";

const REACH = 2.2; // of the plane
const ROUNDING = 2 ** -23; // what float32 cannot add to 1

/** The height and the marks of the picture, so many pixels wide. */
export function spectrumPicture(scene, width) {
  const wide = width >= 680;
  const side = wide ? 290 : Math.min(width - 64, 290);
  const [left, top] = wide ? [392, 82] : [52, side + 206];
  const plane = plot(44, 62, 44 + side, 62 + side, linear(-REACH, REACH, 4), linear(-REACH, REACH, 4));
  const lags = linear(0, scene.tanh.length - 1);
  const norms = plot(left, top, width - 18, top + 230, lags, logarithmic(-12, 12));
  norms.x = { ...lags, ticks: [] };
  const slopes = plot(left, top + 262, width - 18, top + 302, lags, linear(0, 1, 1));
  const body = eigenvalues(scene, plane) + gradientLines(scene, norms, wide) + slopeBars(scene, slopes);
  return { height: top + 350, body };
}

function eigenvalues({ radius, sigmaMax, points }, p) {
  const place = [p.across(0), p.down(0), p.across(1) - p.across(0), p.down(0) - p.down(1)].map(at);
  const [x, y, rx, ry] = place;
  return `<ellipse class="lt-band" data-kind="goal" cx="${x}" cy="${y}" rx="${rx}" ry="${ry}"/>` +
    frame(p, "real part") +
    disc(p, 0, 0, 1) + disc(p, 0, 0, sigmaMax, 3) +
    markers(p, points, 4) +
    text(10, 22, "eigenvalues of U", "start", "lt-title") +
    text(10, 42, `spectral radius ${radius.toFixed(2)}, σ max ${sigmaMax.toFixed(2)}`, "start", "lt-key");
}

function gradientLines({ radius, sigmaMax, tanh: curved, linear: straight }, p, wide) {
  const along = (norms) => norms.map((norm, k) => [k, norm]);
  const bound = along(curved.map((_, k) => sigmaMax ** k));
  const [start, high] = [p.left - 38, p.top - (wide ? 60 : 80)];
  const keys = [[1, "tanh"], [2, "linear"], [3, "bound: σ maxᵏ"]];
  const places = wide ? [[0, 0], [104, 0], [304, 0]] : [[0, 0], [104, 0], [0, 20]];
  return target(radius, p) + frame(p) +
    ruleY(p, 1, "", "zero") + ruleY(p, ROUNDING) +
    text(p.left + 8, p.down(ROUNDING) - 6, "below: lost in float32 beside 1", "start", "lt-note") +
    curve(p, bound, 3, 10, 8) + curve(p, along(straight), 2, 10, 5) + curve(p, along(curved), 1, 10) +
    text(start, high, "‖∂h_T/∂h_t‖ over the lag T − t", "start", "lt-title") +
    places.map(([x, y], n) => key(start + x, high + 22 + y, keys.slice(n, n + 1))).join("");
}

/** Where the goal wants the lines, once the radius is where it must be. */
function target(radius, p) {
  if (radius <= 0.95) return ruleY(p, 10, "goal: linear above 10");
  if (radius < 1.2) return "";
  const [x, y] = [p.across(47), p.down(1e-3)];
  const box = `x="${at(x)}" y="${at(y)}" width="${at(p.right - x)}" height="${at(p.bottom - y)}"`;
  return `<rect class="lt-band" data-kind="goal" ${box}/>` +
    text(x - 6, p.bottom - 8, "goal: tanh ends in here", "end", "lt-note");
}

/** The mean slope at each step back, a bar each. */
function slopeBars({ slopes }, p) {
  const bars = slopes.map((slope, k) => {
    const [x, wide] = [p.across(k), p.across(k + 1) - p.across(k)];
    return `M${at(x)},${at(p.bottom)} V${at(p.down(slope))} h${at(wide)} V${at(p.bottom)} Z`;
  });
  return `<path class="lt-marker" data-kind="1" d="${bars.join(" ")}"/>` + frame(p, "lag T − t", "") +
    text(p.left - 38, p.top - 10, "mean slope tanh′ of the 16 units in that step", "start", "lt-key");
}
