// The chain's picture: the copies with their numbers, an input slider under each, and the panel
// that tells what one copy computes.
import { inputSliders, lowered, make, plain, term } from "./controls.js";
import { inlineDrawing, label, meter, roving } from "./picture.js";

const IN_EVERY_COPY = "every copy\nz = x·w + h·u + b\nh = tanh(z)";

/** `redraw` is called when the reader looks at another copy. */
export function chainPicture(model, set, redraw) {
  const { sheet, svg } = inlineDrawing(model);
  const height = svg.viewBox.baseVal.height;
  const widths = svg.dataset.widths.split(" ").map(Number); // of the card that shows 1, 2, ... copies
  const between = widths[1] - widths[0];
  const place = (part, name) => part.querySelector(`.lt-value[data-value="${name}"]`);
  const copies = [...svg.querySelectorAll(".lt-copy")];
  const lefts = copies.map((copy) => Number(copy.querySelector(".lt-module").getAttribute("x")));
  const start = meter(place(svg, "h_before"), 1);
  const live = copies.map((copy) => ["x", "z", "h"].map((name) => meter(place(copy, name), 1)));
  for (const copy of copies) label(place(copy, "z"), "z");

  const inputs = inputSliders(model, set);
  sheet.append(make("div", { class: "lt-inputs" }, inputs.map(({ node }) => node)));

  let looked = -1;
  let shown;
  const settle = roving(copies, (copy) => {
    looked = copies.indexOf(copy);
    redraw();
  });
  const sum = make("pre");
  const code = make("pre", {}, [model.get("lines").copy.join("\n")]);
  const panel = make("div", { class: "lt-panel" }, [sum, code]);

  function show({ steps, w, u, b, h0, records }) {
    const width = widths[steps - 1];
    const share = (length) => `${(100 * length) / width}%`;
    if (width !== shown) {
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      sheet.style.setProperty("--width", `${width}px`);
      shown = width;
    }
    start([h0], 0);
    const told = records.map((record, n) => equations(record, n + 1, { w, u, b }));
    records.forEach(({ x, z, state }, n) => {
      const { node, show } = inputs[n];
      for (const part of [copies[n], node]) part.toggleAttribute("hidden", n >= steps);
      [x, z.g, state.h].forEach((values, k) => live[n][k](values, 0));
      copies[n].setAttribute("aria-label", told[n]);
      show(x[0]);
      node.style.left = share(lefts[n]);
      node.style.width = share(between - 10);
    });
    settle();
    sum.textContent = looked < 0 || looked >= steps ? IN_EVERY_COPY : told[looked];
  }

  const light = (on) => svg.classList.toggle("lt-sharing", on);
  return { node: make("div", { class: "lt-scroll" }, [sheet]), panel, light, show };
}

/** What the copy of step t computes, with its numbers. */
function equations({ x, before, z, state }, t, { w, u, b }) {
  const [x_t, z_t, h_t] = ["x", "z", "h"].map((name) => lowered(name, t));
  const h_before = lowered("h", t - 1);
  const [X, W, H, U, B] = [x[0], w, before.h[0], u, b].map(term);
  return [
    `copy ${t}`,
    `${z_t} = ${x_t}·w + ${h_before}·u + b`,
    `   = ${X}·${W} + ${H}·${U} + ${B} = ${plain(z.g[0])}`,
    `${h_t} = tanh(${z_t}) = ${plain(state.h[0])}`,
  ].join("\n");
}
