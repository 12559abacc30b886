// The goals, judged live in the page. lstm_teach/explorers/goals.py judges the same from
// Python with the real forward pass; a test holds both verdicts equal.
import { forward, lstmStep, oneUnit, rnnStep } from "./forward.js";

export const LATCH_STEPS = 12;
const KEEP_FROM = 2;

/** One unit, 12 steps from h_0 = 0, after one pulse and with no input at all. low is the smallest
 *  h after the pulse, at step lowAt; drift the largest |h| without one. */
export function latch(weights) {
  const run = (pulse) => {
    const x = Array.from({ length: LATCH_STEPS }, (_, n) => [n === 0 ? pulse : 0]);
    return forward(rnnStep, oneUnit(weights), x, { h: [0] }).map((record) => record.state.h[0]);
  };
  const [remembered, silent] = [run(1), run(0)];
  const low = Math.min(...remembered);
  const drift = Math.max(...silent.map(Math.abs));
  const [holds, quiet] = [low > 0.5, drift <= 0.05];
  const lowAt = remembered.indexOf(low) + 1;
  return { remembered, silent, low, lowAt, drift, holds, quiet, reached: holds && quiet };
}

/** c of one unit after step 2, and how far it strays from there, whichever of the sequences
 *  (name: numbers) brings the later inputs. `worst` names the one that moves c most. */
export function keep(params, inputs, sequences, unit, state) {
  const result = { written: 0, strayed: 0, worst: "", at: 0 };
  for (const [name, numbers] of Object.entries(sequences)) {
    const x = [...inputs.slice(0, KEEP_FROM), ...numbers.slice(KEEP_FROM)].map((value) => [value]);
    const c = forward(lstmStep, params, x, state).map((record) => record.state.c[unit - 1]);
    const start = c[KEEP_FROM - 1];
    result.written = Math.abs(start);
    c.forEach((value, n) => {
      const strayed = n < KEEP_FROM ? -1 : Math.abs(value - start);
      if (strayed > result.strayed) Object.assign(result, { strayed, worst: name, at: n + 1 });
    });
  }
  result.strayed = result.written > 0 ? result.strayed / result.written : Infinity;
  const wrote = result.written >= 0.5;
  const kept = result.strayed <= 0.1;
  return { ...result, wrote, kept, reached: wrote && kept };
}
