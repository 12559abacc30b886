// What the cell stepper says: the layers, the operations, the sums on the wires, the goal.
import { plain, term } from "./controls.js";

export const LAYERS = { i: "input gate", f: "forget gate", g: "candidate", o: "output gate" };

// The seven operations, each with the wire that it makes.
export const OPERATIONS = [
  ["merged", "merge x and h"],
  ["f", "forget gate"],
  ["i", "input gate"],
  ["g", "candidate"],
  ["c", "new cell state"],
  ["o", "output gate"],
  ["h", "new output"],
];

/** What one unit computes on each wire, with its numbers. */
export function sums({ x, before, z, gates, kept, written, tanh_c, state }, n) {
  const [i, f, g, o] = Object.values(gates).map((values) => term(values[n]));
  const [c_before, squashed] = [term(before.c[n]), term(tanh_c[n])];
  const c = plain(state.c[n]);
  const layer = (k, squash) =>
    `${k} = ${squash}(z_${k}) = ${squash}(${plain(z[k][n])}) = ${plain(gates[k][n])}`;
  return {
    x: `x = ${plain(x[0])}`,
    h_before: `h = ${plain(before.h[n])}`,
    c_before: `c = ${plain(before.c[n])}`,
    merged: Object.keys(LAYERS).map((k) => `z_${k} = ${plain(z[k][n])}`).join(", "),
    i: layer("i", "σ"),
    f: layer("f", "σ"),
    g: layer("g", "tanh"),
    o: layer("o", "σ"),
    kept: `f*c = ${f}*${c_before} = ${plain(kept[n])}`,
    written: `i*g = ${i}*${g} = ${plain(written[n])}`,
    c: `f*c + i*g = ${f}*${c_before} + ${i}*${g} = ${c}`,
    tanh_c: `tanh(c) = tanh(${c}) = ${plain(tanh_c[n])}`,
    h: `o*tanh(c) = ${o}*${squashed} = ${plain(state.h[n])}`,
  };
}

/** The sentence of the status line: where we are, what is done there, the numbers. */
export function status({ t, stage, show_all, unit, record, sums }) {
  const [wire, operation] = OPERATIONS[stage - 1];
  const [h, c] = [record.state.h, record.state.c].map((values) => plain(values[unit - 1]));
  return show_all
    ? `t = ${t}, all seven operations. Unit ${unit}: c = ${c}, h = ${h}.`
    : `t = ${t}, operation ${stage} of 7: ${operation}. Unit ${unit}: ${sums[wire]}.`;
}

/** The two halves of the goal, each with whether it is met. */
export function goalParts({ written, strayed, worst, at, wrote, kept }, unit) {
  const percent = strayed < 10 ? `${Math.round(100 * strayed)} %` : "over 1000 %";
  const where = worst ? `with “${worst}”, at step ${at}` : "there is nothing to keep";
  return [
    [wrote, `after step 2, unit ${unit} holds something, |c| at least 0.5. It is ${written.toFixed(2)}.`],
    [kept, `c stays within 10 %. Worst: ${percent}, ${where}.`],
  ];
}
