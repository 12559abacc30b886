// The scalar cell explorer: an LSTM of one unit and one input, its layers as curves over x.
import { caption, figure, goalLine, group, make, plain, settings, slider, statusLine } from "./controls.js";
import { chart } from "./chart.js";
import { bundles } from "./choices.js";
import { forward, lstmStep } from "./forward.js";
import { scalarPicture } from "./scalar_picture.js";

const NAMES = { i: "input gate i", f: "forget gate f", g: "candidate g", o: "output gate o" };
const WEIGHTS = Object.keys(NAMES).map((k) => [..."wub"].map((kind) => `${kind}_${k}`));
const SETTINGS = ["t", ...WEIGHTS.flat()];
const TITLE = "The layers of the cell over x, and x, i, c and h at every step";
const CAPTION =
  "Left, large marks: where the input of step t stands on the curves. Outlined boxes: where the goal wants the " +
  "input gate for each symbol. Right, strip: step t; two lines in c: within 10 % of what was written.";
const TASK =
  "Write the key and nothing else: let the input gate open for the key only, and let c keep it to the end.";

function render({ model, el }) {
  const root = figure(el, "scalar", "Explorer: an LSTM of one unit and one input");
  const { set, stop } = settings(model, SETTINGS, redraw);
  const line = statusLine();
  const goal = goalLine(TASK);
  let scene;
  const picture = chart(TITLE, (width) => scalarPicture(scene, width));
  const ranges = model.get("sliders");
  const sliders = Object.fromEntries(SETTINGS.map((name) =>
    [name, slider(name, ranges[name], (value) => set(name, value))]));
  const layers = Object.values(NAMES).map((words, n) =>
    group(words, WEIGHTS[n].map((name) => sliders[name].node), "lt-group", n === 2 ? "tanh" : "σ"));
  const lists = bundles(model.get("presets"), set);
  root.append(
    picture.node,
    caption(CAPTION),
    line.node,
    make("div", { class: "lt-row" }, [lists.node, sliders.t.node]),
    make("div", { class: "lt-gates" }, layers),
    goal.node,
  );
  redraw();

  function redraw() {
    const now = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    scene = scalarScene(now, model.get("inputs"), model.get("key_step"));
    picture.show();
    for (const [name, control] of Object.entries(sliders))
      control.show(now[name], name === "t" ? `${now.t} of ${scene.x.length}` : decimal(now[name]));
    lists.show(now);
    line.say(status(scene));
    const verdict = guarded(scene);
    goal.show(verdict.reached, goalParts(verdict));
  }
  return () => { stop(); line.stop(); picture.stop(); root.remove(); };
}

const decimal = (value) => value.toFixed(1).replace("-", "−");

/** All that the picture shows, with these settings. */
export function scalarScene({ t, ...now }, x, keyStep) {
  const weights = WEIGHTS.map((names) => names.map((name) => now[name]));
  const [W, U] = [0, 1].map((n) => weights.map((row) => [[row[n]]]));
  const b = weights.map((row) => [row[2]]);
  const records = forward(lstmStep, { W, U, b }, x.map((value) => [value]), { h: [0], c: [0] });
  const [i, c, h] = [records.map(({ gates }) => gates.i[0]), ...["c", "h"].map((name) =>
    records.map(({ state }) => state[name][0]))];
  return { t, keyStep, weights, x, i, c, h: [0, ...h], records };
}

/** How well the input gate guards the cell state; scalar.py judges the same. */
export function guarded({ keyStep, x, i, c }) {
  const n = keyStep - 1;
  const others = i.map((value, step) => (step === n ? 0 : value));
  const distracted = Math.max(...others);
  const written = Math.abs(c[n]);
  const far = Math.max(...c.slice(keyStep).map((value) => Math.abs(value - c[n])));
  const strayed = written > 0 ? far / written : Infinity;
  const [opens, shuts, keeps] = [i[n] > 0.9, distracted < 0.1, written >= 0.5 && strayed <= 0.1];
  const symbol = x[others.indexOf(distracted)];
  return { key: i[n], distracted, symbol, written, strayed, opens, shuts, keeps, reached: opens && shuts && keeps };
}

/** The sentence of the status line. */
function status({ t, x, c, h, records }) {
  const { gates, kept, written } = records[t - 1];
  const [i, f, g, o] = Object.values(gates).map(([value]) => plain(value));
  return `Step ${t}, x = ${plain(x[t - 1])}: i = ${i}, f = ${f}, g = ${g}, o = ${o}. ` +
    `c = ${plain(kept[0])} kept + ${plain(written[0])} written = ${plain(c[t - 1])}; h = ${plain(h[t])}.`;
}

function goalParts({ key: open, distracted, symbol, written, strayed, opens, shuts, keeps }) {
  const percent = strayed < 10 ? `${Math.round(100 * strayed)} %` : "over 1000 %";
  return [
    [opens, `for the key symbol i is above 0.9. It is ${open.toFixed(3)}.`],
    [shuts, `for each distractor i is below 0.1. The largest: ${distracted.toFixed(3)}, at x = ${plain(symbol)}.`],
    [keeps, `after the key |c| is at least 0.5, and c stays within 10 % to the end. ` +
      `|c| is ${written.toFixed(2)}; it strays by ${percent}.`],
  ];
}

export default { render };
