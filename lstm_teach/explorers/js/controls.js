// What the explorers share: the root with its key guard, settings, sliders, words.

/** A number as the text writes it: two decimals, with its sign. */
export const signed = (value) => {
  const digits = Math.abs(value).toFixed(2);
  return digits === "0.00" ? digits : (value < 0 ? "−" : "+") + digits;
};

/** The same inside a sentence: without the plus; as a term of a sum: brackets if negative. */
export const plain = (value) => signed(value).replace("+", "");
export const term = (value) => (signed(value)[0] === "−" ? `(${signed(value)})` : plain(value));

/** An element with attributes and children; inside a drawing, pass its namespace. */
export function make(tag, attributes = {}, children = [], space = "http://www.w3.org/1999/xhtml") {
  const node = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** The figure's root. JupyterLab acts on keys that reach it (arrows leave the cell, "a" inserts
 *  one), so they stop here; only its own combinations pass. */
export function figure(el, kind, label) {
  const root = make("div", { class: "lt-explorer", "data-explorer": kind, role: "group", "aria-label": label });
  root.addEventListener("keydown", (event) => {
    const forLab = event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape";
    if (!forLab && !(event.shiftKey && event.key === "Enter")) event.stopPropagation();
  });
  el.append(root);
  return root;
}

/** Settings live in the model. `set` changes it at once; when the reader's event is over, every view
 *  is redrawn and then Python is told, each once for all changes made together. It must not be told
 *  later: an answer to an older message would undo what the reader has done since. (The widget
 *  manager sends one message at a time and merges those that wait.) */
export function settings(model, names, redraw) {
  const afterwards = (task) => {
    let queued = false;
    return () => {
      if (queued) return;
      queued = true;
      queueMicrotask(() => { queued = false; task(); });
    };
  };
  const [drawn, told] = [afterwards(redraw), afterwards(() => model.save_changes())];
  for (const name of names) model.on(`change:${name}`, drawn);
  return {
    set(name, value) {
      model.set(name, value);
      told();
    },
    stop() {
      for (const name of names) model.off(`change:${name}`, drawn);
    },
  };
}

/** A native slider inside its label, with its value beside it. */
export function slider(name, { label, low, high, step }, move) {
  const input = make("input", { type: "range", min: low, max: high, step, "data-control": name });
  const output = make("output", { "aria-live": "off" });
  const node = make("label", { class: "lt-slider" }, [make("span", {}, [label]), output, input]);
  input.addEventListener("input", () => move(Number(input.value), name));
  const show = (value, words = signed(value)) => {
    input.value = value;
    output.textContent = words;
    input.setAttribute("aria-valuetext", words);
  };
  return { node, input, show };
}

/** A name with its step lowered: x₁₂. */
export const lowered = (name, t) =>
  name + String(t).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);

/** One slider for every number of the setting `inputs`. */
export const inputSliders = (model, set) =>
  model.get("inputs").map((_, n) => {
    const label = lowered("x", n + 1);
    const change = (value) => set("inputs", model.get("inputs").map((old, k) => (k === n ? value : old)));
    return slider(`x${n + 1}`, { ...model.get("sliders").inputs, label }, change);
  });

export function button(words, press, attributes = {}) {
  const node = make("button", { type: "button", ...attributes }, [words]);
  node.addEventListener("click", press);
  return node;
}

/** Related controls under one visible name; where they move a learned layer, its box stands there. */
export function group(legend, children, name = "lt-group", layer = "") {
  const box = layer ? [make("span", { class: "lt-box", "aria-hidden": "true" }, [layer])] : [];
  return make("fieldset", { class: name }, [make("legend", {}, [...box, legend]), ...children]);
}

/** Buttons that each put one whole list into the setting `inputs`. */
export function presets(lists, set) {
  const same = (a, b) => a.every((value, n) => value === b[n]);
  const buttons = Object.entries(lists).map(([words, list]) => button(words, () => set("inputs", list)));
  const show = (inputs) =>
    Object.values(lists).forEach((list, n) => buttons[n].setAttribute("aria-pressed", same(list, inputs)));
  return { node: make("div", { class: "lt-presets" }, buttons), show };
}

/** Small print under the picture: how to read it and how to ask it. */
export const caption = (words) => make("p", { class: "lt-caption" }, [words]);

/** The one line that speaks. A step is told at once, a drag when it rests. */
export function statusLine() {
  const node = make("p", { class: "lt-status", role: "status" });
  let timer;
  const say = (words, now = !node.textContent) => {
    clearTimeout(timer);
    const speak = () => { if (node.textContent !== words) node.textContent = words; };
    if (now) speak();
    else timer = setTimeout(speak, 250);
  };
  return { node, say, stop: () => clearTimeout(timer) };
}

/** A goal and its parts; each says in words, and with a sign, whether it is met; it may show more. */
export function goalLine(task) {
  const node = make("p", { class: "lt-goal" });
  const show = (reached, parts) => {
    const verdict = make("strong", {}, [reached ? "★ Goal reached. " : "Goal. "]);
    const rows = parts.map(([met, words, ...more]) => {
      const told = make("span", {}, [`${met ? "✓ met:" : "○ not yet:"} ${words}`]);
      return make("span", { class: "lt-part", "data-met": met }, [...more, told]);
    });
    node.dataset.reached = reached;
    node.replaceChildren(verdict, task, ...rows);
  };
  return { node, show };
}
