// The mathematics of the paths figure. Read it beside lstm_teach/explorers/paths.py, and `back` beside
// lstm_step_back in cells.py: a test holds the numbers equal. A matrix is an array of rows.
import { forward, lstmStep, times } from "./forward.js";
import { largestSingularValue } from "./spectra.js";

const LAYERS = ["i", "f", "g", "o"];
const slope = { logistic: (y) => y * (1 - y), tanh: (y) => 1 - y * y };

/** The records of all steps, with these sliders. */
export function unrolled({ W, U, x }, scale, bias) {
  const zeros = W[0][0].map(() => 0);
  const scaledU = U.map((matrix) => matrix.map((row) => row.map((value) => value * scale)));
  const b = LAYERS.map((k) => zeros.map(() => (k === "f" ? bias : 0)));
  return { U: scaledU, records: forward(lstmStep, { W, U: scaledU, b }, x, { h: zeros, c: zeros }) };
}

/** What a change of z_i, z_f, z_g makes of the new c, and one of z_o of the new h. */
export const answers = ({ gates: { i, f, g, o }, before, tanh_c }) => ({
  i: i.map((y, n) => g[n] * slope.logistic(y)),
  f: f.map((y, n) => before.c[n] * slope.logistic(y)),
  g: g.map((y, n) => i[n] * slope.tanh(y)),
  o: o.map((y, n) => tanh_c[n] * slope.logistic(y)),
});
/** What a change of c makes of the h of the same step. */
export const shown = ({ gates, tanh_c }) => gates.o.map((o, n) => o * slope.tanh(tanh_c[n]));

/** ‖∂c_T/∂c_{T-k}‖ for k = 0 .. T - 1 by the paths that are on. Each row is one unit's answer: the
 *  gradients dc and dh, on their way back. */
export function norms({ U, records }, on) {
  const layers = LAYERS.flatMap((k, n) => (on[k] ? [[k, transposed(U[n])]] : []));
  let rows = U[0].map((_, n) => ({ dc: U[0].map((__, m) => Number(n === m)), dh: U[0].map(() => 0) }));
  const found = [];
  for (const record of [...records].reverse()) {
    const [up, change] = [shown(record), answers(record)];
    const both = rows.map(({ dc, dh }) => dc.map((value, n) => value + dh[n] * up[n]));
    found.push(largestSingularValue(both));
    rows = both.map((dc, row) => {
      const sums = layers.map(([k, across]) =>
        times((k === "o" ? rows[row].dh : dc).map((value, n) => value * change[k][n]), across));
      return {
        dc: dc.map((value, n) => (on.carousel ? value * record.gates.f[n] : 0)),
        dh: dc.map((_, n) => sums.reduce((sum, part) => sum + part[n], 0)),
      };
    });
  }
  return found;
}

const transposed = (M) => M[0].map((_, n) => M.map((row) => row[n]));

/** The product of the last k forget gates, the largest of all units, for k = 0 .. T - 1. */
export function products(records) {
  let left = records[0].gates.f.map(() => 1);
  return [1, ...records.slice(1).reverse().map(({ gates }) => {
    left = left.map((value, n) => value * gates.f[n]);
    return Math.max(...left);
  })];
}

/** What one step makes of a gradient at most, by each path alone: the median of all steps. */
export function factors({ U, records }) {
  const steps = records.slice(1).map((record, t) => {
    const [up, change] = [shown(records[t]), answers(record)];
    const alone = LAYERS.map((k, n) => largestSingularValue(
      change[k].map((value, row) => up.map((open, column) => value * U[n][column][row] * open))));
    return [Math.max(...record.gates.f), ...alone];
  });
  const median = (values) => {
    const sorted = values.sort((a, b) => a - b);
    const half = sorted.length / 2;
    return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
  };
  return Object.fromEntries(["carousel", ...LAYERS].map((name, n) => [name, median(steps.map((step) => step[n]))]));
}

/** What stands against "an LSTM's gradient is the product of its forget gates". */
export function explosion(gradient, product) {
  const [explodes, vanishes] = [gradient > 1e3, product < 1e-6];
  return { gradient, product, explodes, vanishes, reached: explodes && vanishes };
}
