// The cell stepper's controls: the walk through the operations, the gates, the input sequence.
import { button, group, inputSliders, make, presets, signed, slider } from "./controls.js";
import { LAYERS, OPERATIONS } from "./cell_words.js";

/** Back and next through the operations and on to the next time step; t and the unit. */
export function stepping(model, set) {
  const [steps, stages] = [model.get("inputs").length, OPERATIONS.length];
  const walk = (by) => {
    const [t, stage, all] = ["t", "stage", "show_all"].map((name) => model.get(name));
    const to = (t - 1) * stages + stage - 1 + (all ? 0 : by);
    if (to < 0 || to >= stages * steps) return;
    set("show_all", false);
    set("t", Math.floor(to / stages) + 1);
    set("stage", (to % stages) + 1);
  };
  const back = button("← Back", () => walk(-1), { "data-control": "back" });
  const next = button("Next →", () => walk(1), { "data-control": "next" });
  const toggle = () => set("show_all", !model.get("show_all"));
  const all = button("Show all", toggle, { "data-control": "show_all" });
  const time = slider("t", model.get("sliders").t, (value) => set("t", value));

  const name = `unit-${Math.random()}`; // radio buttons of two views are two groups
  const radios = model.get("base").U[0].map((_, n) => {
    const radio = make("input", { type: "radio", name, "data-control": `unit_${n + 1}` });
    radio.addEventListener("change", () => set("unit", n + 1));
    return radio;
  });
  const units = radios.map((radio, n) => make("label", {}, [radio, String(n + 1)]));

  const show = ({ t, stage, show_all, unit }) => {
    back.setAttribute("aria-disabled", !show_all && t === 1 && stage === 1);
    next.setAttribute("aria-disabled", !show_all && t === steps && stage === stages);
    all.setAttribute("aria-pressed", show_all);
    time.show(t, `${t} of ${steps}`);
    radios.forEach((radio, n) => { radio.checked = n + 1 === unit; });
  };
  const row = [back, next, all, time.node, group("unit", units, "lt-choice")];
  return { node: make("div", { class: "lt-row" }, row), show };
}

/** A bias and an input weight for each learned layer. light(layer, on) marks its box. */
export function gates(model, set, light) {
  const ranges = model.get("sliders");
  const sliders = {};
  const groups = Object.entries(LAYERS).map(([k, words]) => {
    const names = [`bias_${k}`, `weight_${k}`];
    for (const name of names) sliders[name] = slider(name, ranges[name], (value) => set(name, value));
    const nodes = names.map((name) => sliders[name].node);
    const node = group(`${words} ${k}`, nodes, "lt-group", k === "g" ? "tanh" : "σ");
    node.addEventListener("focusin", () => light(k, true));
    node.addEventListener("focusout", () => light(k, false));
    return node;
  });
  const show = (scene) => {
    for (const [name, control] of Object.entries(sliders)) control.show(scene[name]);
  };
  return { node: make("div", { class: "lt-gates" }, groups), show };
}

/** The input of every step under a slider, and below it what c becomes. */
export function sequence(model, set) {
  const lists = presets(model.get("presets"), set);
  const columns = inputSliders(model, set).map((x) => {
    const [bar, band, number] = ["lt-fill", "lt-band", "lt-number"].map((kind) => make("span", { class: kind }));
    const chart = make("div", { class: "lt-chart" }, [bar, band]);
    return { x, bar, band, number, node: make("div", { class: "lt-column" }, [x.node, chart, number]) };
  });
  const grid = make("div", { class: "lt-columns" }, columns.map(({ node }) => node));
  const node = group("", [lists.node, grid]);

  const show = ({ t, unit, inputs, records }) => {
    const c = records.map(({ state }) => state.c[unit - 1]);
    const top = Math.max(1, ...c.map(Math.abs));
    const stand = ({ style }, from, to) => {
      style.bottom = `${50 + (50 * Math.min(from, to)) / top}%`;
      style.height = `${(50 * Math.abs(to - from)) / top}%`;
    };
    columns.forEach(({ x, bar, band, number, node: column }, n) => {
      x.show(inputs[n]);
      stand(bar, 0, c[n]);
      bar.dataset.sign = c[n] < 0 ? "negative" : "positive";
      stand(band, 0.9 * c[1], 1.1 * c[1]);
      band.toggleAttribute("hidden", n < 2);
      number.textContent = signed(c[n]);
      column.classList.toggle("lt-current", n + 1 === t);
    });
    lists.show(inputs);
    node.firstChild.textContent =
      `input sequence x, and below it the cell state c of unit ${unit} (dashed: within 10 % of c after step 2)`;
  };
  return { node, show };
}
