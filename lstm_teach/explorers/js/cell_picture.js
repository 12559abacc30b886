// The cell stepper's picture: the module, a live value on every wire, and the panel that tells
// what one wire carries.
import { make, signed } from "./controls.js";
import { inlineDrawing, meter, roving } from "./picture.js";
import { OPERATIONS } from "./cell_words.js";

/** The values on the wires at one step. */
const onWires = ({ x, before, gates, kept, written, tanh_c, state }) => ({
  x,
  h_before: before.h,
  c_before: before.c,
  merged: [...x, ...before.h],
  ...gates,
  kept,
  written,
  tanh_c,
  ...state,
});

/** `redraw` is called when the reader looks at another wire. */
export function cellPicture(model, redraw) {
  const { sheet, svg } = inlineDrawing(model);
  const [lines, units] = [model.get("lines"), model.get("base").U[0].length];
  const places = [...svg.querySelectorAll(".lt-value")];
  const meters = places.map((place) => meter(place, { x: 1, merged: units + 1 }[place.dataset.value] ?? units));

  // The wires are visited in the order of the operations.
  const stage = (part) => Number(part.dataset.stage);
  const wires = [...svg.querySelectorAll(".lt-wire")].sort((a, b) => stage(a) - stage(b));
  let looked;
  roving(wires, (wire) => {
    looked = wire?.dataset.wire;
    redraw();
  });

  const [name, shape, value] = ["name", "shape", "value"].map((fact) => make("p", { class: `lt-wire-${fact}` }));
  const code = make("pre", { class: "lt-wire-code" });
  const panel = make("div", { class: "lt-panel" }, [make("div", {}, [name, shape, value]), code]);

  function show({ stage: now, show_all, unit, record, sums }) {
    const values = onWires(record);
    svg.dataset.shown = show_all ? "all" : now;
    places.forEach((place, n) => {
      const wire = place.dataset.value;
      place.classList.toggle("lt-unknown", !show_all && stage(place.parentNode) > now);
      meters[n](values[wire], { x: 0, merged: -1 }[wire] ?? unit - 1);
    });
    for (const wire of wires) {
      const [variable, meaning, shape] = lines[wire.dataset.wire];
      const sum = sums[wire.dataset.wire];
      wire.setAttribute("aria-label", `${variable}, ${meaning}, shape ${shape}. Unit ${unit}: ${sum}`);
    }
    const wire = looked ?? (show_all ? "c" : OPERATIONS[now - 1][0]);
    const [variable, meaning, axes, source] = lines[wire];
    name.replaceChildren(make("b", {}, [variable]), ` ${meaning}`);
    shape.textContent = `shape ${axes}`;
    value.textContent = `[${values[wire].map(signed).join("  ")}]`;
    code.textContent = source.join("\n");
  }

  /** Mark the box of one learned layer, while its sliders have the focus. */
  const light = (layer, on) => svg.querySelector(`[data-node="${layer}"]`).classList.toggle("lt-now", on);

  return { node: make("div", { class: "lt-scroll" }, [sheet]), panel, light, show };
}
