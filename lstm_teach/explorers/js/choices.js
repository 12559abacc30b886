// More controls: radio buttons for a choice of words, a slider that stops at given numbers, a box to tick,
// and buttons that each set many settings.
import { button, group, make, slider } from "./controls.js";

/** One radio button for each word of the setting. */
export function radios(name, { label, choices }, choose) {
  const view = `${name}-${Math.random()}`; // the buttons of two views are two groups
  const inputs = choices.map((words) => {
    const input = make("input", { type: "radio", name: view, "data-control": `${name}_${words}` });
    input.addEventListener("change", () => choose(words));
    return input;
  });
  const labels = inputs.map((input, n) => make("label", {}, [input, choices[n]]));
  const show = (chosen) => inputs.forEach((input, n) => { input.checked = choices[n] === chosen; });
  return { node: group(label, labels, "lt-choice"), show };
}

/** A slider whose thumb counts the stops; a value between them puts it at the nearest. */
export function stopsSlider(name, { label, stops }, move) {
  const range = { label, low: 0, high: stops.length - 1, step: 1 };
  const control = slider(name, range, (n) => move(stops[n], name));
  control.input.dataset.stops = stops.join(" ");
  const far = (value) => (stop) => (value === 0 || stop === 0 ? Number(value !== stop) * 1e9
    : Math.abs(Math.log(stop / value)));
  const show = (value, words) => {
    const distances = stops.map(far(value));
    control.show(distances.indexOf(Math.min(...distances)), words);
  };
  return { ...control, show };
}

/** A box to tick, with its words beside it. */
export function checkbox(name, words, tick) {
  const input = make("input", { type: "checkbox", "data-control": name });
  input.addEventListener("change", () => tick(input.checked));
  return { node: make("label", { class: "lt-check" }, [input, words]), show: (on) => { input.checked = on; } };
}

/** Buttons that each set many settings at once: words -> { setting: value }. */
export function bundles(lists, set) {
  const entries = Object.entries(lists);
  const press = (values) => () => Object.entries(values).forEach(([name, value]) => set(name, value));
  const buttons = entries.map(([words, values]) => button(words, press(values)));
  const show = (now) => entries.forEach(([, values], n) => buttons[n].setAttribute("aria-pressed",
    Object.entries(values).every(([name, value]) => now[name] === value)));
  return { node: make("div", { class: "lt-presets" }, buttons), show };
}
