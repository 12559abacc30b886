// The cliff explorer: a loss over two weights, and gradient descent at the edge of a cliff.
import { caption, figure, goalLine, make, settings, slider, statusLine } from "./controls.js";
import { number, scientific } from "./axes.js";
import { chart } from "./chart.js";
import { stopsSlider } from "./choices.js";
import { descend, robust, surface } from "./descent.js";
import { terrain } from "./terrain.js";
import { cliffPicture, COLUMNS, LAYERS, ROWS } from "./cliff_picture.js";

const SETTINGS = ["rate", "clip", "start", "steps"];
const TITLE = "The loss over u and b with two ways of gradient descent, their gradients and their losses";
const CAPTION =
  "h_t = tanh(u·h_t−1 + b), 20 copies, h₀ = 0.5; the loss is (h₂₀ + 0.7)². The stronger the colour, the higher " +
  "the loss; the line with teeth is the edge of the cliff. 1 to 5: the starts.";
const TASK =
  "Come down safely: choose rate and clip so that the clipped way ends on low ground from all five starts.";

function render({ model, el }) {
  const root = figure(el, "cliff", "Explorer: gradient descent at a cliff");
  const { set, stop } = settings(model, SETTINGS, redraw);
  const line = statusLine();
  const goal = goalLine(TASK);
  const problem = model.get("problem");
  const heights = surface(problem, COLUMNS, ROWS);
  const drawn = {}; // the ground does not change: it is drawn once for each size
  const ground = (p) => (drawn[[p.right, p.bottom]] ??= terrain(p, heights, LAYERS));
  let scene;
  const picture = chart(TITLE, (width) => cliffPicture(scene, width, ground));
  const ranges = model.get("sliders");
  const [rate, clip] = ["rate", "clip"].map((name) => stopsSlider(name, ranges[name], (value) => set(name, value)));
  const [start, steps] = ["start", "steps"].map((name) => slider(name, ranges[name], (value) => set(name, value)));
  root.append(
    picture.node,
    caption(CAPTION),
    line.node,
    make("div", { class: "lt-weights" }, [rate, clip, start, steps].map(({ node }) => node)),
    goal.node,
  );
  redraw();

  function redraw() {
    const now = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    scene = cliffScene(now, problem);
    picture.show();
    rate.show(now.rate, number(now.rate));
    clip.show(now.clip, now.clip > 0 ? number(now.clip) : "off");
    start.show(now.start, `${now.start} of ${problem.starts.length}`);
    steps.show(now.steps, `${now.steps} of ${problem.steps}`);
    line.say(status(scene));
    const verdict = robust(now.rate, now.clip, problem);
    goal.show(verdict.reached, goalParts(verdict, robust(now.rate, 0, problem)));
  }
  return () => { stop(); line.stop(); picture.stop(); root.remove(); };
}

/** All that the picture shows, with these settings. */
export function cliffScene(now, problem) {
  const from = problem.starts[now.start - 1];
  const ways = [now.clip, 0].map((clip) => descend(from, now.rate, clip, problem));
  return { ...now, ways, problem };
}

/** The sentence of the status line. */
function status({ rate, clip, start, ways: [clipped, free] }) {
  const longest = free.lengths.indexOf(Math.max(...free.lengths));
  const [u, b] = free.points[longest + 1];
  const ends = [free, clipped].map(({ losses }) => losses.at(-1).toFixed(3));
  const told = clip > 0 ? `Clipped to ${number(clip)}: loss ${ends[1]}.` : "Clipping is off.";
  return `Start ${start}, rate ${number(rate)}. Without clipping: longest gradient ` +
    `${scientific(free.lengths[longest])} at step ${longest + 1}, which leads to u = ${number(u)}, ` +
    `b = ${number(b)}; loss ${ends[0]} at the end. ${told}`;
}

function goalParts({ ends, low, count, reached }, free) {
  const told = ends.map((end, n) => `${n + 1}: ${end.toFixed(3)} ${low[n] ? "✓" : "○"}`).join(", ");
  return [[reached, `after 60 steps the loss is below 0.01 from every start. It is from ${count} of 5: ` +
    `${told}. Without clipping: from ${free.count} of 5.`]];
}

export default { render };
