// A chart in the page: always as wide as its place, so that its words keep their size on a phone.
import { make } from "./controls.js";

const WIDEST = 880;
const NARROWEST = 280;

/** draw(width) returns { height, body }: SVG text for a card that is so many pixels wide. `show`
 *  draws anew; the words of the figure are its title, for those who do not see it. */
export function chart(title, draw) {
  const node = make("div", { class: "lt-plot-sheet" });
  let width = WIDEST;
  const show = () => {
    const { height, body } = draw(width);
    node.innerHTML = `<svg class="lt-drawing" viewBox="0 0 ${width} ${height}" role="img" ` +
      `aria-label="${title}"><rect class="lt-card" width="100%" height="100%"/>${body}</svg>`;
  };
  const watch = new ResizeObserver(([{ contentRect }]) => {
    const room = Math.round(Math.min(Math.max(contentRect.width, NARROWEST), WIDEST));
    if (contentRect.width === 0 || room === width) return;
    width = room;
    show();
  });
  watch.observe(node);
  return { node, show, stop: () => watch.disconnect() };
}
