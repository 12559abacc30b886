// The forget bias explorer: a bias, the factor it makes, and the gradient that is left of it.
import { caption, figure, goalLine, make, settings, slider, statusLine } from "./controls.js";
import { scientific } from "./axes.js";
import { chart } from "./chart.js";
import { logistic } from "./forward.js";
import { answers, shown, unrolled } from "./influence.js";
import { forgetBiasPicture, FORGETS, halfLifeWords, LEFT } from "./forget_bias_picture.js";
import { dot, largestSingularValue } from "./spectra.js";

const TITLE = "The forget gate at its bias, and what is left of the gradient of c over the lag";
const CAPTION =
  "An LSTM of 8 units, 100 steps of fixed noise. Dashed: every forget gate stays at f, and nothing else leads " +
  "back. Measured: a backward pass through all of it; the gates move with the inputs, and part of the gradient " +
  "comes back through U. With other weights that line lies higher or lower.";
const TASK =
  "Hold on, but stay able to forget: more than a tenth of the gradient left at lag 100, and yet f below 0.99.";

function render({ model, el }) {
  const root = figure(el, "forget_bias", "Explorer: the forget bias and the gradient");
  const { set, stop } = settings(model, ["bias"], redraw);
  const line = statusLine();
  const goal = goalLine(TASK);
  let scene;
  const picture = chart(TITLE, (width) => forgetBiasPicture(scene, width));
  const bias = slider("bias", model.get("sliders").bias, (value) => set("bias", value));
  root.append(
    picture.node,
    caption(CAPTION),
    line.node,
    make("div", { class: "lt-weights" }, [bias.node]),
    goal.node,
  );
  redraw();

  function redraw() {
    scene = forgetBiasScene(model.get("bias"), model.get("network"));
    picture.show();
    bias.show(scene.bias, oneDigit(scene.bias));
    line.say(status(scene));
    const verdict = kept(scene);
    goal.show(verdict.reached, goalParts(verdict));
  }
  return () => { stop(); line.stop(); picture.stop(); root.remove(); };
}

/** All that the picture shows, with this forget bias. */
export function forgetBiasScene(bias, network) {
  const f = logistic(bias);
  const powers = [1];
  for (const _ of network.x) powers.push(powers.at(-1) * f);
  return { bias, f, halfLife: Math.log(0.5) / Math.log(f), powers, norms: carried(unrolled(network, 1, bias)) };
}

/** ‖∂c_T/∂c_{T-k}‖ with h held, for k = 0 .. T: the dc that a backward pass carries from step to step,
 *  a row for each unit of c_T. */
function carried({ U, records }) {
  const across = U[0].map((_, m) => U.flatMap((U_k) => U_k[m])); // from h to all four layers
  let rows = U[0].map((_, n) => ({ dc: U[0].map((__, m) => Number(n === m)), dh: U[0].map(() => 0) }));
  const norms = [1];
  for (const record of [...records].reverse()) {
    const [up, change] = [shown(record), Object.values(answers(record)).flat()];
    rows = rows.map(({ dc: fromNext, dh }) => {
      const dc = fromNext.map((value, n) => value + dh[n] * up[n]);
      const heard = [...dc, ...dc, ...dc, ...dh]; // i f g act on c, o acts on h
      const dz = change.map((value, n) => value * heard[n]);
      return {
        dc: dc.map((value, n) => value * record.gates.f[n]),
        dh: across.map((row) => dot(row, dz)),
      };
    });
    norms.push(largestSingularValue(rows.map(({ dc }) => dc)));
  }
  return norms;
}

/** How much is left, and does f still forget? forget_bias.py judges the same. */
export function kept({ norms, f }) {
  const left = norms.at(-1);
  const [lasts, forgets] = [left > LEFT, f < FORGETS];
  return { left, f, lasts, forgets, reached: lasts && forgets };
}

const oneDigit = (value) => value.toFixed(1).replace("-", "−");

/** The sentence of the status line. */
function status({ bias, f, halfLife, powers, norms }) {
  const [alone, measured] = [powers, norms].map((values) => scientific(values.at(-1)));
  return `b_f = ${oneDigit(bias)}: f = ${f.toFixed(4)}, ${halfLifeWords(halfLife)}. ` +
    `At lag 100: measured ${measured}, f¹⁰⁰ ${alone}.`;
}

function goalParts({ left, f, lasts, forgets }) {
  return [
    [lasts, `more than 0.1 of the gradient is left at lag 100. Measured: ${scientific(left)}.`],
    [forgets, `f is below 0.99. It is ${f.toFixed(4)}.`],
  ];
}

export default { render };
