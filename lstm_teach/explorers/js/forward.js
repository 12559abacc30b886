// The forward pass in the browser. Read it beside lstm_teach/cells.py and chain.py: the names
// are the same, and tests/parity.mjs holds the numbers equal to 1e-12. One sequence, no batch:
// a vector is a plain array, and the K rows of x_in and h_in belong to the K learned layers.

export const tanh = Math.tanh;
export const logistic = (z) => 0.5 * Math.tanh(0.5 * z) + 0.5;

const add = (a, b) => a.map((value, n) => value + b[n]);

/** The row vector v times the matrix M: v (D,), M (D, H) -> (H,). */
export const times = (v, M) => M[0].map((_, n) => v.reduce((sum, value, d) => sum + value * M[d][n], 0));

export function rnnStep(x_in, h_in, state) {
  const z = add(x_in[0], h_in[0]);
  const g = z.map(tanh);
  return { state: { h: g }, gates: { g }, z: { g: z } };
}

export function lstmStep(x_in, h_in, state) {
  const [z_i, z_f, z_g, z_o] = x_in.map((row, k) => add(row, h_in[k]));
  const [i, f, g, o] = [z_i.map(logistic), z_f.map(logistic), z_g.map(tanh), z_o.map(logistic)];
  const kept = f.map((value, n) => value * state.c[n]);
  const written = i.map((value, n) => value * g[n]);
  const c = add(kept, written);
  const tanh_c = c.map(tanh);
  const h = o.map((value, n) => value * tanh_c[n]);
  const z = { i: z_i, f: z_f, g: z_g, o: z_o };
  return { state: { h, c }, gates: { i, f, g, o }, z, kept, written, tanh_c };
}

/** The chain: W (K, D, H), U (K, H, H), b (K, H), x (T, D), state { h, c } of (H,).
 *  Returns one record a step: what went in (x, before), what `step` returned, where it led. */
export function forward(step, { W, U, b }, x, state) {
  return x.map((x_t) => {
    const x_in = W.map((W_k, k) => add(times(x_t, W_k), b[k]));
    const h_in = U.map((U_k) => times(state.h, U_k));
    const before = state;
    const result = step(x_in, h_in, before);
    state = result.state;
    return { x: x_t, before, ...result };
  });
}

/** The one-unit network of the chain figure: every weight is a single number. */
export const oneUnit = ({ w, u, b }) => ({ W: [[[w]]], U: [[[u]]], b: [[b]] });

/** The network of the cell stepper: four sliders scale the rows of W, four are the biases. */
export const scaled = (base, weight, bias) => ({
  W: base.W.map((W_k, k) => W_k.map((row) => row.map((value) => value * weight[k]))),
  U: base.U,
  b: base.U.map((U_k, k) => U_k.map(() => bias[k])),
});
