// The paths explorer: the ways of a gradient through the LSTM, each to be cut, and what is left of it.
import { caption, figure, goalLine, group, make, settings, slider, statusLine } from "./controls.js";
import { scientific } from "./axes.js";
import { chart } from "./chart.js";
import { bundles, checkbox } from "./choices.js";
import { explosion, factors, norms, products, unrolled } from "./influence.js";
import { inlineDrawing } from "./picture.js";
import { lit, marks, pathCurves } from "./paths_picture.js";

const NAMES = {
  carousel: "carousel c → c",
  i: "input gate i",
  f: "forget gate f",
  g: "candidate g",
  o: "output gate o",
};
const PATHS = Object.keys(NAMES);
const ALL = Object.fromEntries(PATHS.map((name) => [name, true]));
const SLIDERS = ["bias", "scale", "network"];
const SETTINGS = [...SLIDERS, ...PATHS];
const TITLE = "The size of the gradient over the lag: by the paths that are on, by all, and the product of f";
const CAPTION =
  "The coloured wires carry the gradient, backwards, against the arrows. A number: what a usual step multiplies " +
  "a gradient by, at most, on this path (the median of 50 steps). Cutting changes the way back only: the gates " +
  "stay. ∂c_T/∂c_t counts both readers of c_t: the next cell state, and h_t.";
const TASK =
  "Make the gradient explode although its forget gates forget: all paths together above 1000 at lag 50, " +
  "the product of the forget gates below a millionth. Then cut paths: which ones does the explosion take?";

function render({ model, el }) {
  const root = figure(el, "paths", "Explorer: the gradient's paths through the LSTM");
  const { set, stop } = settings(model, SETTINGS, redraw);
  const line = statusLine();
  const goal = goalLine(TASK);
  let scene;
  const module = pathModule(model, (name) => set(name, !model.get(name)));
  const sizes = chart(TITLE, (width) => pathCurves(scene, width));
  const ranges = model.get("sliders");
  const sliders = SLIDERS.map((name) => slider(name, ranges[name], (value) => set(name, value)));
  const boxes = PATHS.map((name) => checkbox(name, NAMES[name], (on) => set(name, on)));
  const choices = bundles(model.get("choices"), set);
  const [carousel, ...through] = boxes.map(({ node }) => node);
  const ways = [group("straight on:", [carousel], "lt-choice"), group("through h and U to:", through, "lt-choice")];
  root.append(
    module.node,
    caption(CAPTION),
    make("div", { class: "lt-row" }, ways),
    choices.node,
    sizes.node,
    line.node,
    make("div", { class: "lt-weights" }, sliders.map(({ node }) => node)),
    goal.node,
  );
  redraw();

  function redraw() {
    const now = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    scene = pathScene(now, model.get("networks")[now.network - 1]);
    module.show(scene);
    sizes.show();
    const words = { bias: now.bias.toFixed(1).replace("-", "−"), scale: now.scale.toFixed(1) };
    sliders.forEach((one, n) => one.show(now[SLIDERS[n]], words[SLIDERS[n]] ?? String(now.network)));
    boxes.forEach((box, n) => box.show(now[PATHS[n]]));
    choices.show(now);
    line.say(status(scene));
    const verdict = explosion(scene.whole.at(-1), scene.products.at(-1));
    goal.show(verdict.reached, goalParts(verdict));
  }
  return () => { stop(); line.stop(); sizes.stop(); root.remove(); };
}

/** All that the picture shows, with these settings. */
export function pathScene({ bias, scale, ...settings }, network) {
  const on = Object.fromEntries(PATHS.map((name) => [name, settings[name]]));
  const run = unrolled(network, scale, bias);
  const [some, whole] = [on, ALL].map((which) => norms(run, which));
  return { on, norms: some, whole, products: products(run.records), factors: factors(run) };
}

/** The module; a click on a layer, or on the × of the carousel, cuts the path or mends it. */
function pathModule(model, flip) {
  const { sheet, svg } = inlineDrawing(model);
  const over = svg.appendChild(make("g", {}, [], svg.namespaceURI));
  const parts = [...svg.querySelectorAll(".lt-wire, .lt-node")];
  for (const name of PATHS) {
    const node = svg.querySelector(`[data-node="${name === "carousel" ? "keep" : name}"]`);
    node.classList.add("lt-press");
    node.addEventListener("click", () => flip(name));
  }
  const show = (scene) => {
    const passed = lit(scene.on);
    for (const part of parts) {
      const on = passed.includes(part.dataset.wire ?? part.dataset.node);
      part.classList.toggle("lt-flow", on);
      part.classList.toggle("lt-later", !on);
    }
    over.innerHTML = marks(scene);
  };
  // Where the page is narrow it scrolls: arrow keys do that too, once it has the focus.
  const place = { class: "lt-scroll", tabindex: 0, role: "region", "aria-label": "the module and its paths" };
  return { node: make("div", place, [sheet]), show };
}

/** The sentence of the status line. */
function status({ on, norms: some, whole, products: left }) {
  const names = PATHS.filter((name) => on[name]).map((name) => NAMES[name].replace(" c → c", ""));
  const [size, all, product] = [some, whole, left].map((values) => scientific(values.at(-1)));
  const which = names.length === PATHS.length ? "By all paths" : `Only by ${names.join(", ") || "no path"}`;
  const beside = names.length === PATHS.length ? "" : ` (by all paths: ${all})`;
  return `${which}: ‖∂c_T/∂c_t‖ at lag 50 is ${size}${beside}. Product of the forget gates: ${product}.`;
}

function goalParts({ gradient, product, explodes, vanishes }) {
  return [
    [explodes, `by all paths above 1000 at lag 50. It is ${scientific(gradient)}.`],
    [vanishes, `the product of the forget gates below 10⁻⁶, even in the unit where it is largest. ` +
      `It is ${scientific(product)}.`],
  ];
}

export default { render };
