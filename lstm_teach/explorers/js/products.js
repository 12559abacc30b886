// The products explorer: what many steps make of 1, with a weight alone and through tanh.
import { caption, figure, goalLine, group, make, plain, settings, slider, statusLine } from "./controls.js";
import { scientific } from "./axes.js";
import { chart } from "./chart.js";
import { FACTOR, KEPT_STEPS, productsPicture, run, slopeAt } from "./products_picture.js";

const SETTINGS = ["w", "z", "steps"];
const SQUASHED = 0.5;
const TITLE = "Products of many steps: the slope of tanh at z, and what t steps make of 1";
const CAPTION =
  "Each step multiplies by w; through tanh, also by the slope of tanh at z. " +
  "The tinted strip: within a factor of 10 of where we started.";
const TASK =
  "Hold it: tanh must squash, |z| at least 0.5, and still 50 steps must keep 1 within a factor of 10. " +
  "Choose w and z.";

function render({ model, el }) {
  const root = figure(el, "products", "Explorer: products of many steps");
  const { set, stop } = settings(model, SETTINGS, redraw);
  const line = statusLine();
  const goal = goalLine(TASK);
  const picture = chart(TITLE, (width) => productsPicture(now(), width));
  const ranges = model.get("sliders");
  const [w, z, steps] = SETTINGS.map((name) => slider(name, ranges[name], (value) => set(name, value)));
  const factors = make("div", { class: "lt-panel lt-halves" });
  root.append(
    picture.node,
    caption(CAPTION),
    line.node,
    factors,
    group("one step: times w, times the slope", [w, z, steps].map(({ node }) => node), "lt-weights", "tanh"),
    goal.node,
  );
  redraw();

  function now() {
    return Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
  }

  function redraw() {
    const scene = now();
    picture.show();
    w.show(scene.w);
    z.show(scene.z);
    steps.show(scene.steps, String(scene.steps));
    const factor = scene.w * slopeAt(scene.z);
    const product = `${plain(scene.w)} · ${fine(slopeAt(scene.z))} = ${fine(factor)}`;
    const columns = [["w alone", plain(scene.w), scene.w], ["w and tanh", product, factor]];
    factors.replaceChildren(...columns.map(([name, sum, factor]) =>
      make("p", {}, [make("b", {}, [name]), `\neach step times ${sum}\n${fate(factor)}`])));
    line.say(status(scene, factor));
    const verdict = held(scene);
    goal.show(verdict.reached, goalParts(verdict, scene));
  }
  return () => { stop(); line.stop(); picture.stop(); root.remove(); };
}

/** How well 50 steps through tanh hold a number; products.py judges the same. */
export function held({ w, z }) {
  const left = run(w * slopeAt(z), KEPT_STEPS)[KEPT_STEPS];
  const squashed = Math.abs(z) >= SQUASHED;
  const kept = 1 / FACTOR <= left && left <= FACTOR;
  return { z: Math.abs(z), left, squashed, kept, reached: squashed && kept };
}

function goalParts({ z, left, squashed, kept, reached }, scene) {
  const [low, high] = [1 / FACTOR, FACTOR].map((end) => (100 * end ** (1 / KEPT_STEPS)) / slopeAt(scene.z));
  const edges = [Math.ceil(low), Math.floor(high)].map((hundredths) => (hundredths / 100).toFixed(2));
  const narrow = reached ? ` Here only |w| from ${edges.join(" to ")} does that.` : "";
  const holds = "|w·tanh′(z)|ᵗ stays between 0.1 and 10 for 50 steps.";
  return [
    [squashed, `|z| is at least 0.5. It is ${z.toFixed(2)}.`],
    [kept, `${holds} At step 50 it is ${scientific(left)}.${narrow}`],
  ];
}

/** Four decimals, for a factor so close to 1 that two would hide what it does. */
const fine = (factor) => (Math.abs(factor) < 0.1 ? scientific(factor) : factor.toFixed(4).replace("-", "−"));

/** What a factor does to a number, step after step. */
function fate(factor) {
  const size = Math.abs(factor);
  const turns = factor < 0 ? ", turning sign" : "";
  if (size === 0) return "gone at the first";
  if (Math.abs(size - 1) < 1e-12) return `the same for ever${turns}`;
  const steps = Math.abs(Math.log(2) / Math.log(size));
  const count = steps < 9.95 ? steps.toFixed(1) : String(Math.round(steps));
  const every = steps < 1 ? "or more at each step" : `every ${count} steps`;
  return `${size < 1 ? "halved" : "doubled"} ${every}${turns}`;
}

/** The sentence of the status line. */
function status({ w, z, steps }, factor) {
  const [alone, through] = [w, factor].map((one) => scientific(run(one, steps)[steps]));
  const slope = scientific(slopeAt(z));
  return `After ${steps} steps, w = ${plain(w)} alone makes 1 into ${alone}, ` +
    `with tanh′(z) = ${slope} into ${through}.`;
}

export default { render };
