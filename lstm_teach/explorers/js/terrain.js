// The ground of a map: a height at each corner of a grid, drawn as layers of shade with straight edges
// between the corners. Read it beside terrain.py: a test holds both equal.
import { at } from "./axes.js";

/** heights: rows from the bottom upwards. layers: [from which height on, how opaque] each. */
export function terrain(p, heights, layers) {
  const wide = (p.right - p.left) / (heights[0].length - 1);
  const high = (p.bottom - p.top) / (heights.length - 1);
  const x = (c) => p.left + c * wide;
  const y = (r) => p.bottom - r * high;
  return layers.map(([height, shade]) => {
    const shapes = heights.slice(1).map((upper, r) => {
      const [lower, bottom, top] = [heights[r], y(r), y(r + 1)];
      const [below, above] = [stretches(lower, height), stretches(upper, height)];
      if (below.length !== above.length) return cellByCell(lower, upper, height, x, bottom, top);
      return below.map((stretch, n) => {
        const [a, b, c, d] = [...stretch, ...above[n]].map((column) => at(x(column)));
        return `M${a},${at(bottom)}H${b}L${d},${at(top)}H${c}z`;
      }).join("");
    });
    return `<path class="lt-cell" fill-opacity="${shade}" d="${shapes.join("")}"/>`;
  }).join("");
}

/** Where along a row the ground is at least so high: [from, to] in columns. */
function stretches(row, height) {
  const found = row[0] >= height ? [[0]] : [];
  for (let c = 1; c < row.length; c++) {
    if ((row[c] >= height) === (row[c - 1] >= height)) continue;
    const edge = c - 1 + (height - row[c - 1]) / (row[c] - row[c - 1]);
    if (row[c] >= height) found.push([edge]);
    else found.at(-1).push(edge);
  }
  if (row.at(-1) >= height) found.at(-1).push(row.length - 1);
  return found;
}

/** The same between two rows where a stretch begins or ends: runs of whole cells, and parts of cells. */
function cellByCell(lower, upper, height, x, bottom, top) {
  const whole = (c) => Math.min(lower[c], lower[c + 1], upper[c], upper[c + 1]) >= height;
  const found = [];
  for (let c = 0, end; c < lower.length - 1; c = end) {
    for (end = c + 1; whole(c) && end < lower.length - 1 && whole(end); ) end++;
    const square = [[c, bottom, lower], [end, bottom, lower], [end, top, upper], [c, top, upper]]
      .map(([n, y, row]) => [n, y, row[n]]);
    const part = square.flatMap(([a, y, loss], n) => {
      const [b, yOther, other] = square[(n + 1) % 4];
      const share = (height - loss) / (other - loss);
      const crossing = [x(a + share * (b - a)), y + share * (yOther - y)];
      return [...(loss >= height ? [[x(a), y]] : []), ...(loss >= height !== other >= height ? [crossing] : [])];
    });
    if (part.length) found.push(`M${part.map((point) => point.map(at).join()).join("L")}z`);
  }
  return found.join("");
}
