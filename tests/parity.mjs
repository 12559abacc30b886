// Run the explorers' JavaScript on what Python sends, and send back what came out.
//   node tests/parity.mjs MODULE.mjs < questions.json > answers.json
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const page = await import(pathToFileURL(process.argv[2]));
const steps = { RNN: page.rnnStep, LSTM: page.lstmStep };
// JSON has no words for these; Python sends and reads them as text.
const ODD = { NaN, Infinity, "-Infinity": -Infinity };
const read = (_, value) => (Object.hasOwn(ODD, value) ? ODD[value] : value);
const told = (_, value) => (Number.isNaN(value) || Math.abs(value) === Infinity ? String(value) : value);
const questions = JSON.parse(readFileSync(0, "utf8"), read);

const answers = {
  forward: questions.forward?.map(({ cell, params, x, state }) => page.forward(steps[cell], params, x, state)),
  chain: questions.chain?.map(({ weights, x, h0 }) =>
    page.forward(page.rnnStep, page.oneUnit(weights), x, { h: [h0] })),
  cell: questions.cell?.map(({ base, weight, bias, x, state }) =>
    page.forward(page.lstmStep, page.scaled(base, weight, bias), x, state)),
  latch: questions.latch?.map((weights) => page.latch(weights)),
  keep: questions.keep?.map(({ base, weight, bias, inputs, presets, unit, state }) =>
    page.keep(page.scaled(base, weight, bias), inputs, presets, unit, state)),
  signed: questions.signed?.map(page.signed),
  // Any function of the page by its name, and marks on a chart of [kind, low, high] axes.
  calls: questions.calls?.map(([name, ...values]) => page[name](...values)),
  charts: questions.charts?.map(({ box, x, y, marks }) => {
    const p = page.plot(...box, ...[x, y].map(([kind, ...ends]) => page[kind](...ends)));
    return marks.map(([name, ...values]) => page[name](p, ...values));
  }),
};
process.stdout.write(JSON.stringify(answers, told));
