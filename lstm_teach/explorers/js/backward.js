// The way back through the chain of one unit. Read it beside rnn_step_back in lstm_teach/cells.py
// and backward in chain.py; a test holds the numbers equal to 1e-12.
import { forward, oneUnit, rnnStep } from "./forward.js";

export const TARGET = 1; // what the loss asks of h: L = (h - 1)² / 2
const DUST = 0.05; // a gradient smaller than this has no way worth the name

/** h_0 to h_T of one unit with w = 1 and b = 0, from h_0 = 0. */
export function outputs(u, inputs) {
  const records = forward(rnnStep, oneUnit({ w: 1, u, b: 0 }), inputs.map((x) => [x]), { h: [0] });
  return [0, ...records.map(({ state }) => state.h[0])];
}

/** Backpropagation in spans of k steps, as truncated_bptt has them; k = T cuts nothing. Entry t
 *  belongs to step t: dh = ∂L/∂h, delta = ∂L/∂z, share = what this copy adds to dU. */
export function back(h, u, every, k) {
  const T = h.length - 1;
  const [direct, dh, delta, share] = Array.from({ length: 4 }, () => h.map(() => 0));
  let carried = 0;
  let dU = 0;
  for (let t = T; t >= 1; t--) {
    direct[t] = every || t === T ? h[t] - TARGET : 0;
    dh[t] = direct[t] + carried;
    delta[t] = dh[t] * (1 - h[t] * h[t]);
    share[t] = delta[t] * h[t - 1];
    dU += share[t];
    carried = t > 1 && (t - 1) % k === 0 ? 0 : delta[t] * u;
  }
  dh[0] = carried;
  return { direct, dh, delta, share, dU };
}

/** The whole gradient and the one of spans of k steps: do they point opposite ways? */
export function astray({ u, inputs, every, k }) {
  const h = outputs(u, inputs);
  const [whole, cut] = [inputs.length, k].map((span) => back(h, u, every, span).dU);
  const enough = Math.min(Math.abs(whole), Math.abs(cut)) >= DUST;
  const opposite = whole * cut < 0;
  return { whole, cut, enough, opposite, reached: enough && opposite };
}
