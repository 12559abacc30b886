// The leak explorer: one number on a self-loop, what it forgets, and how high it piles up.
import { caption, figure, goalLine, make, settings, slider, statusLine } from "./controls.js";
import { scientific } from "./axes.js";
import { chart } from "./chart.js";
import { halfLifeWords, HIGHEST, KEEP, leakPicture, stepsToHalf } from "./leak_picture.js";

const [LAGS, STEPS] = [100, 200];
const TITLE = "What is left of a pulse and of an error over the lag, and c on a stream of ones";
const CAPTION =
  "c_t = λ·c_t−1 + x_t. Left: a pulse of 1 in an empty c, and an error on its way back from c_T: both are " +
  "multiplied by λ at each step. Right: an input of 1 at every step, and nobody sets c back to 0.";
const TASK =
  "Remember and do not pile up: a half-life of at least 20 steps, and yet c below 40 for 200 steps of ones.";

function render({ model, el }) {
  const root = figure(el, "leak", "Explorer: a carousel with a leak");
  const { set, stop } = settings(model, ["leak"], redraw);
  const line = statusLine();
  const goal = goalLine(TASK);
  let scene;
  const picture = chart(TITLE, (width) => leakPicture(scene, width));
  const leak = slider("leak", model.get("sliders").leak, (value) => set("leak", value));
  root.append(
    picture.node,
    caption(CAPTION),
    line.node,
    make("div", { class: "lt-weights" }, [leak.node]),
    goal.node,
  );
  redraw();

  function redraw() {
    scene = leakScene(model.get("leak"));
    picture.show();
    leak.show(scene.leak, scene.leak.toFixed(3));
    line.say(status(scene));
    const verdict = balance(scene);
    goal.show(verdict.reached, goalParts(verdict, scene));
  }
  return () => { stop(); line.stop(); picture.stop(); root.remove(); };
}

/** All that the picture shows, with this leak. */
export function leakScene(leak) {
  const [memory, gradient, stream] = [[1], [1], [0]];
  for (let k = 1; k <= LAGS; k++) {
    memory.push(leak * memory[k - 1]); // forwards: c' = λ c, and no more input
    gradient.push(gradient[k - 1] * leak); // backwards: dc = dc' λ
  }
  for (let t = 1; t <= STEPS; t++) stream.push(leak * stream[t - 1] + 1);
  const limit = leak < 1 ? 1 / (1 - leak) : Infinity;
  return { leak, memory, gradient, stream, halfLife: stepsToHalf(leak), limit };
}

/** Does the memory last without piling up? leak.py judges the same. */
export function balance({ halfLife, stream }) {
  const highest = Math.max(...stream);
  const [remembers, bounded] = [halfLife >= KEEP, highest < HIGHEST];
  return { half_life: halfLife, highest, remembers, bounded, reached: remembers && bounded };
}

/** The sentence of the status line. */
function status({ leak, memory, stream }) {
  const [left, piled] = [memory, stream].map((values) => scientific(values.at(-1)));
  return `λ = ${leak.toFixed(3)}: ${halfLifeWords(leak)}. ` +
    `After 100 steps ${left} is left; 200 ones pile up to ${piled}.`;
}

function goalParts({ highest, remembers, bounded }, { leak }) {
  const never = leak >= 1 ? "never halved" : halfLifeWords(leak);
  return [
    [remembers, `half-life at least 20 steps. Now: ${never}.`],
    [bounded, `c below 40 on the stream. It comes to ${scientific(highest)}.`],
  ];
}

export default { render };
