// The spectrum explorer: where the eigenvalues of U lie, and what becomes of the gradient.
import { caption, figure, goalLine, make, settings, slider, statusLine } from "./controls.js";
import { scientific } from "./axes.js";
import { chart } from "./chart.js";
import { radios } from "./choices.js";
import { counterExample, gradients, largestSingularValue, recurrent, slopesOf } from "./spectra.js";
import { spectrumPicture } from "./spectrum_picture.js";

const SETTINGS = ["radius", "gain", "shear", "kind"];
const TITLE = "The eigenvalues of U in the plane, and the size of the gradient over the lag";
const CAPTION =
  "Left: diamonds, the eigenvalues of U; dashed, the unit circle; dotted, the circle of radius σ max, " +
  "the most that one step can stretch. Bars: low where the inputs saturate tanh.";
const TASK =
  "Break the rule “above 1 gradients explode, below 1 they vanish”. One of these is enough; find both.";

function render({ model, el }) {
  const root = figure(el, "spectrum", "Explorer: spectral radius and gradient");
  const { set, stop } = settings(model, SETTINGS, redraw);
  const line = statusLine();
  const goal = goalLine(TASK);
  let scene;
  const picture = chart(TITLE, (width) => spectrumPicture(scene, width));
  const ranges = model.get("sliders");
  const sliders = SETTINGS.slice(0, 3).map((name) => slider(name, ranges[name], (value) => set(name, value)));
  const kinds = radios("kind", ranges.kind, (words) => set("kind", words));
  root.append(
    picture.node,
    caption(CAPTION),
    line.node,
    make("div", { class: "lt-weights" }, sliders.map(({ node }) => node)),
    kinds.node,
    goal.node,
  );
  redraw();

  function redraw() {
    const now = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    scene = spectrumScene(now, model.get("bases")[now.kind], model.get("decades"), model.get("noise"));
    picture.show();
    sliders.forEach((one, n) => one.show(now[SETTINGS[n]], now[SETTINGS[n]].toFixed(2)));
    kinds.show(now.kind);
    line.say(status(scene));
    const verdict = counterExample(scene.radius, scene.tanh.at(-1), Math.max(...scene.linear));
    goal.show(verdict.reached, goalParts(verdict, scene));
  }
  return () => { stop(); line.stop(); picture.stop(); root.remove(); };
}

/** All that the picture shows, with these settings. */
export function spectrumScene({ radius, gain, shear }, { matrix, eigenvalues: pairs }, decades, noise) {
  const U = recurrent(matrix, decades, radius, shear);
  const slopes = slopesOf(U, noise, gain);
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    radius,
    gain,
    sigmaMax: largestSingularValue(U),
    points: pairs.map((pair) => pair.map((part) => radius * part)),
    tanh: gradients(U, slopes),
    linear: gradients(U, slopes.map((row) => row.map(() => 1))),
    slopes: slopes.map(mean).reverse(),
  };
}

/** The sentence of the status line. */
function status({ radius, gain, sigmaMax, tanh: curved, linear: straight }) {
  const [tanhEnd, end] = [curved, straight].map((norms) => scientific(norms.at(-1)));
  const silent = gain === 0 ? " No input: h stays 0, every slope is 1, tanh is linear." : "";
  return `Spectral radius ${radius.toFixed(2)}, largest singular value ${sigmaMax.toFixed(2)}; ` +
    `at lag 50: tanh ${tanhEnd}, linear ${end}.${silent}`;
}

function goalParts({ last, highest, vanishes, grows }, { radius }) {
  const now = `Radius ${radius.toFixed(2)}`;
  return [
    [vanishes, `radius at least 1.2, and yet tanh below 10⁻³ at lag 50. ${now}, tanh ${scientific(last)}.`],
    [grows, `radius at most 0.95, and yet linear above 10 at some lag. ${now}, ` +
      `highest ${scientific(highest)}.`],
  ];
}

export default { render };
