// What the explorers do to a drawing: put live values on its wires, let its parts be visited.
import { make, signed } from "./controls.js";

/** The drawing, inline, with ids of its own: two views may stand on one page. */
export function inlineDrawing(model) {
  const view = `lt-${Math.random().toString(36).slice(2)}`;
  const sheet = make("div", { class: "lt-sheet" });
  sheet.innerHTML = model.get("drawing").replaceAll("lt-view", view);
  const svg = sheet.querySelector("svg");
  for (const size of ["width", "height"]) svg.removeAttribute(size); // its viewBox and the page decide
  return { sheet, svg };
}

/** Squares for a vector (filled from below if positive, from above if negative), or a bar for one
 *  number (to the right, to the left of its middle), and the chosen number written out (none: -1). */
export function meter(place, count) {
  const draw = (tag, attributes) => place.appendChild(make(tag, attributes, [], place.namespaceURI));
  const level = place.dataset.orient === "h";
  const side = 48 / Math.max(count, 4);
  const width = count === 1 ? 48 : side;
  const at = (n) => (level ? { x: n * side, y: 0 } : { x: 0, y: n * side });
  const fills = Array.from({ length: count }, () => draw("rect", { class: "lt-fill" }));
  fills.forEach((_, n) => draw("rect", { class: "lt-frame", ...at(n), width, height: side }));
  if (count === 1) draw("path", { class: "lt-frame", d: `M${width / 2},-2 v${side + 4}` });
  const ring = draw("rect", { class: "lt-chosen", width: side + 2, height: side + 2, rx: 1 });
  const words = level ? { x: 24, y: 27, class: "lt-number" } : { x: 20, y: 29, class: "lt-number lt-beside" };
  const text = draw("text", words);
  return (values, chosen) => {
    values.forEach((value, n) => {
      const { x, y } = at(n);
      const size = Math.min(Math.abs(value), 1) * (count === 1 ? width / 2 : side);
      const box = count === 1 ? { x: width / 2 - (value < 0 ? size : 0), y, width: size, height: side }
        : { x, y: value < 0 ? y : y + side - size, width: side, height: size };
      for (const [name, number] of Object.entries(box)) fills[n].setAttribute(name, number);
      fills[n].dataset.sign = value < 0 ? "negative" : "positive";
    });
    const ringed = count > 1 && chosen >= 0;
    ring.toggleAttribute("hidden", !ringed);
    if (ringed) for (const [name, number] of Object.entries(at(chosen))) ring.setAttribute(name, number - 1);
    text.textContent = chosen < 0 ? "" : signed(values[chosen]);
  };
}

/** A row of small bars from -1 to 1, one a step, with dashed lines at the limits. */
export function strip(count, limits) {
  const space = "http://www.w3.org/2000/svg";
  const frame = { class: "lt-strip", viewBox: `0 0 ${12 * count} 44`, "aria-hidden": "true" };
  const node = make("svg", frame, [], space);
  const draw = (tag, attributes) => node.appendChild(make(tag, attributes, [], space));
  const bars = Array.from({ length: count }, (_, n) => draw("rect", { class: "lt-fill", x: 12 * n + 2, width: 8 }));
  draw("path", { class: "lt-frame", d: `M0,22 h${12 * count}` });
  for (const limit of limits) draw("path", { class: "lt-limit", d: `M0,${22 - 20 * limit} h${12 * count}` });
  const show = (values) => values.forEach((value, n) => {
    bars[n].setAttribute("y", value < 0 ? 22 : 22 - 20 * value);
    bars[n].setAttribute("height", 20 * Math.abs(value));
    bars[n].dataset.sign = value < 0 ? "negative" : "positive";
  });
  return { node, show };
}

/** A variable's name beside a place. */
export const label = (place, name) =>
  place.append(make("text", { x: -11, y: 10, class: "lt-name" }, [name], place.namespaceURI));

/** One tab stop for many parts of a drawing; arrow keys move among them. `look` is called with
 *  the part under the pointer or with the focus, and with undefined when there is none. Call the
 *  returned function after parts were hidden: the tab stop moves to one that is seen. */
export function roving(parts, look) {
  const seen = () => parts.filter((part) => !part.hasAttribute("hidden"));
  const stopAt = (part) => parts.forEach((other) => other.setAttribute("tabindex", other === part ? 0 : -1));
  const keys = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  for (const part of parts) {
    part.setAttribute("role", "img");
    part.addEventListener("pointerenter", () => look(part));
    part.addEventListener("pointerleave", () => look(parts.find((other) => other.matches(":focus"))));
    part.addEventListener("blur", () => look());
    part.addEventListener("focus", () => { stopAt(part); look(part); });
    part.addEventListener("keydown", (event) => {
      if (!(event.key in keys)) return;
      event.preventDefault();
      const open = seen();
      open[Math.min(Math.max(open.indexOf(part) + keys[event.key], 0), open.length - 1)].focus();
    });
  }
  stopAt(parts[0]);
  return () => { if (!seen().some((part) => part.tabIndex === 0)) stopAt(seen()[0]); };
}
