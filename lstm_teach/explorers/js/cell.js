// The cell stepper: the LSTM's module with a number on every wire, one operation at a time.
import { forward, lstmStep, scaled } from "./forward.js";
import { keep } from "./goals.js";
import { caption, figure, goalLine, make, settings, statusLine } from "./controls.js";
import { gates, sequence, stepping } from "./cell_controls.js";
import { cellPicture } from "./cell_picture.js";
import { goalParts, LAYERS, status, sums } from "./cell_words.js";

const layers = Object.keys(LAYERS);
const SLIDERS = layers.flatMap((k) => [`bias_${k}`, `weight_${k}`]);
const SETTINGS = ["t", "stage", "show_all", "unit", "inputs", ...SLIDERS];
const CAPTION =
  "Point at a wire, or Tab to the wires and use the arrow keys. " +
  "Squares: units 1 to 4, filled from below if positive, from above if negative, full at 1.";
const TASK =
  "Keep it: choose the gates so that c of the unit stays what it was after step 2, " +
  "whatever comes then.";

function render({ model, el }) {
  const root = figure(el, "cell", "Explorer: the LSTM cell, step by step");
  const { set, stop } = settings(model, SETTINGS, redraw);
  const line = statusLine();
  const goal = goalLine(TASK);
  const picture = cellPicture(model, redraw);
  const parts = [picture, stepping(model, set), gates(model, set, picture.light), sequence(model, set)];
  const [, steps, sliders, inputs] = parts.map(({ node }) => node);
  root.append(picture.node, caption(CAPTION), line.node, picture.panel, steps, sliders, inputs, goal.node);

  let told;
  redraw();

  function redraw() {
    const now = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    const [weight, bias] = ["weight", "bias"].map((kind) => layers.map((k) => now[`${kind}_${k}`]));
    const base = model.get("base");
    const params = scaled(base, weight, bias);
    const zeros = base.U[0].map(() => 0);
    const start = { h: zeros, c: zeros };
    const records = forward(lstmStep, params, now.inputs.map((x) => [x]), start);
    const record = records[now.t - 1];
    const scene = { ...now, records, record, sums: sums(record, now.unit - 1) };
    for (const part of parts) part.show(scene);

    // A step to another place is told at once; what a drag does, when it rests.
    const place = [now.t, now.stage, now.show_all, now.unit].join();
    line.say(status(scene), place !== told);
    told = place;
    const verdict = keep(params, now.inputs, model.get("presets"), now.unit, start);
    goal.show(verdict.reached, goalParts(verdict, now.unit));
  }
  return () => { stop(); line.stop(); root.remove(); };
}

export default { render };
