// The chain explorer: a recurrent network of one unit, rolled up and unrolled.
import { forward, oneUnit, rnnStep } from "./forward.js";
import { latch, LATCH_STEPS } from "./goals.js";
import { caption, figure, goalLine, group, make, plain, presets, settings } from "./controls.js";
import { slider, statusLine } from "./controls.js";
import { strip } from "./picture.js";
import { chainPicture } from "./chain_picture.js";

const WEIGHTS = ["w", "u", "b"];
const SETTINGS = ["steps", "h0", ...WEIGHTS, "inputs"];
const CAPTION =
  "Point at a copy, or Tab to the copies and use the arrow keys. " +
  "Bars: to the right if positive, to the left if negative, full at 1.";
const TASK = "Make a latch: it remembers only if something happened. Choose w, u and b.";
const RESTING = 900; // ms after which the layers go dark again

function render({ model, el }) {
  const root = figure(el, "chain", "Explorer: the chain of a recurrent network");
  const { set, stop } = settings(model, SETTINGS, redraw);
  const line = statusLine();
  const goal = goalLine(TASK);
  const picture = chainPicture(model, set, redraw);

  // One set of weights: while one of them moves, the layer of every copy lights up.
  let resting;
  const share = (value, name) => {
    set(name, value);
    picture.light(true);
    clearTimeout(resting);
    resting = setTimeout(() => picture.light(false), RESTING);
  };
  const ranges = model.get("sliders");
  const [steps, h0] = ["steps", "h0"].map((name) => slider(name, ranges[name], (value) => set(name, value)));
  const weights = WEIGHTS.map((name) => slider(name, ranges[name], share));
  const lists = presets(model.get("presets"), set);
  const [afterPulse, afterNothing] = [strip(LATCH_STEPS, [0.5]), strip(LATCH_STEPS, [0.05, -0.05])];

  const row = [steps.node, h0.node, group("input sequence x", [lists.node])];
  const shared = weights.map(({ node }) => node);
  root.append(
    picture.node,
    caption(CAPTION),
    line.node,
    picture.panel,
    make("div", { class: "lt-row" }, row),
    group("weights: one set, shared by all copies", shared, "lt-weights", "tanh"),
    goal.node,
  );
  redraw();

  function redraw() {
    const now = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    const records = forward(rnnStep, oneUnit(now), now.inputs.map((x) => [x]), { h: [now.h0] });
    picture.show({ ...now, records });
    steps.show(now.steps, String(now.steps));
    h0.show(now.h0);
    weights.forEach((weight, n) => weight.show(now[WEIGHTS[n]]));
    lists.show(now.inputs);
    line.say(status(now, records));

    const verdict = latch(now);
    afterPulse.show(verdict.remembered);
    afterNothing.show(verdict.silent);
    goal.show(verdict.reached, goalParts(verdict));
  }

  function goalParts({ holds, low, lowAt, quiet, drift }) {
    const smallest = `Smallest: ${plain(low)}, at step ${lowAt}.`;
    const remembers = `after one pulse, h stays above 0.5 at all 12 steps. ${smallest}`;
    const stays = `with no input at all, h stays within 0.05 of 0. Farthest: ${drift.toFixed(2)}.`;
    return [[holds, remembers, afterPulse.node], [quiet, stays, afterNothing.node]];
  }
  return () => { stop(); line.stop(); clearTimeout(resting); root.remove(); };
}

/** The sentence of the status line. */
function status({ steps, w, u, b, h0 }, records) {
  const weights = `w = ${plain(w)}, u = ${plain(u)}, b = ${plain(b)}`;
  const last = plain(records[steps - 1].state.h[0]);
  const count = steps === 1 ? "1 step" : `${steps} steps`;
  return `${count}, one set of weights: ${weights}. h starts at ${plain(h0)} and is ${last} after step ${steps}.`;
}

export default { render };
