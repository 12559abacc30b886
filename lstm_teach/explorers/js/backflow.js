// The back flow explorer: an error on its way back through the chain, whole and cut short.
import { astray, back, outputs, TARGET } from "./backward.js";
import { button, caption, figure, goalLine, group, inputSliders, lowered, make } from "./controls.js";
import { plain, presets, settings, signed, slider, statusLine, term } from "./controls.js";
import { chart } from "./chart.js";
import { cutPicture, flowPicture } from "./backflow_picture.js";

const SETTINGS = ["u", "k", "t", "every", "inputs"];
const CAPTION =
  "h = tanh(x + h before · u), and the loss is (h − 1)²/2. Bars: upwards if positive. " +
  "Dashed outlines: what would be there without the cuts.";
const TASK =
  "Send it astray: find inputs, u and k with which the gradient cut into spans points the other way " +
  "than the whole one.";

function render({ model, el }) {
  const root = figure(el, "backflow", "Explorer: the error on its way back through the chain");
  const { set, stop } = settings(model, SETTINGS, redraw);
  const line = statusLine();
  const goal = goalLine(TASK);
  let scene;
  const flow = chart("The chain, and what comes back to each of its copies", (width) => flowPicture(scene, width));
  const cuts = chart("dU, for every number of steps between two cuts", (width) => cutPicture(scene, width));

  const ranges = model.get("sliders");
  const steps = model.get("inputs").length;
  const [u, k, t] = ["u", "k", "t"].map((name) => slider(name, ranges[name], (value) => set(name, value)));
  const start = button("From the end", () => set("t", steps), { "data-control": "end" });
  const goBack = () => set("t", Math.max(1, model.get("t") - 1));
  const step = button("← One step back", goBack, { "data-control": "back" });
  const every = make("input", { type: "checkbox", "data-control": "every" });
  every.addEventListener("change", () => set("every", every.checked));
  const check = make("label", { class: "lt-check" }, [every, "a loss at every step, not only at the last"]);
  const lists = presets(model.get("presets"), set);
  const inputs = inputSliders(model, set);
  const sums = make("pre");
  const totals = make("p", { class: "lt-totals" });
  root.append(
    flow.node,
    caption(CAPTION),
    line.node,
    make("div", { class: "lt-row" }, [start, step, t.node]),
    make("div", { class: "lt-panel lt-halves" }, [sums, make("pre", {}, [model.get("lines").join("\n")])]),
    make("div", { class: "lt-pair" }, [cuts.node, group("what the cut costs", [u.node, k.node, check, totals])]),
    group("input sequence x", [lists.node, make("div", { class: "lt-many" }, inputs.map(({ node }) => node))]),
    goal.node,
  );
  redraw();

  function redraw() {
    const now = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    const h = outputs(now.u, now.inputs);
    const over = h.slice(1).map((_, n) => back(h, now.u, now.every, n + 1).dU);
    const [whole, cut] = [steps, now.k].map((span) => back(h, now.u, now.every, span));
    scene = { ...now, h, whole, cut, over };
    flow.show();
    cuts.show();
    u.show(now.u);
    k.show(now.k, now.k === steps ? "no cut" : String(now.k));
    t.show(now.t, `${now.t} of ${steps}`);
    every.checked = now.every;
    for (const [control, end] of [[start, steps], [step, 1]]) control.setAttribute("aria-disabled", now.t === end);
    inputs.forEach((input, n) => input.show(now.inputs[n]));
    lists.show(now.inputs);
    sums.textContent = equations(scene);
    totals.textContent = ratio(scene);
    line.say(status(scene));
    const verdict = astray(now);
    goal.show(verdict.reached, goalParts(verdict));
  }
  return () => { stop(); line.stop(); flow.stop(); cuts.stop(); root.remove(); };
}

/** What the copy of step t computes on the way back, with its numbers. */
function equations({ t, u, h, cut }) {
  const [dh, delta, later] = [lowered("dh", t), lowered("δ", t), lowered("δ", t + 1)];
  const carried = cut.dh[t] - cut.direct[t];
  const parts = [];
  if (cut.direct[t] !== 0) parts.push([`${lowered("h", t)} − ${TARGET}`, `${plain(h[t])} − ${TARGET}`]);
  if (carried !== 0) parts.push([`${later}·u`, `${term(cut.delta[t + 1])}·${term(u)}`]);
  const [names, numbers] = [0, 1].map((n) => parts.map((part) => part[n]).join(" + "));
  const slope = 1 - h[t] * h[t];
  const [d, share] = [cut.delta[t], cut.share[t]].map(plain);
  return [
    `copy ${t}`,
    `${dh} = ${names || "0"}`,
    numbers ? `    = ${numbers} = ${plain(cut.dh[t])}` : "    (nothing comes back)",
    `${delta} = ${dh}·(1 − ${lowered("h", t)}²) = ${term(cut.dh[t])}·${plain(slope)} = ${d}`,
    `its share = ${delta}·${lowered("h", t - 1)} = ${term(cut.delta[t])}·${term(h[t - 1])} = ${share}`,
  ].join("\n");
}

function ratio({ whole, cut }) {
  const part = Math.abs(whole.dU) < 1e-9 ? "" : `; cut / whole = ${plain(cut.dU / whole.dU)}`;
  return `dU, the sum of all shares: whole ${signed(whole.dU)}, cut ${signed(cut.dU)}${part}.`;
}

/** The sentence of the status line. */
function status({ t, k, h, cut, every }) {
  const last = h.length - 1;
  const far = every ? "The errors have come back to" : `The error of step ${last} has come back to`;
  const so = cut.share.reduce((sum, value, step) => sum + (step >= t ? value : 0), 0);
  const cutOff = cut.dh[t] === 0 && Math.ceil(t / k) < Math.ceil(last / k);
  const here = cutOff ? `Nothing arrives at step ${t}: the cut is in between`
    : `${far} step ${t}: ${lowered("dh", t)} = ${plain(cut.dh[t])}, ${lowered("δ", t)} = ${plain(cut.delta[t])}`;
  return `${here}. dU so far: ${plain(so)}.`;
}

function goalParts({ whole, cut, enough, opposite }) {
  const smaller = Math.min(Math.abs(whole), Math.abs(cut)).toFixed(2);
  return [
    [opposite, `one is positive, the other negative. Whole: ${signed(whole)}; cut: ${signed(cut)}.`],
    [enough, `neither is dust: both at least 0.05 in size. The smaller: ${smaller}.`],
  ];
}

export default { render };
