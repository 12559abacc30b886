// The axes of the charts, and numbers as charts write them. Read it beside the first half of plot.py.

const FAR = 9; // a point outside the axes is drawn at most so many lengths of the axis away
const SIZES = [0.01, 0.1, 1, 10, 100, 1000].flatMap((d) => [1, 2, 5].map((m) => m * d));

/** From low to high; log: both are exponents of ten. ticks: [share, words] each. */
function axis(low, high, ticks, log = false) {
  const share = (value) => {
    const v = !log ? value : value > 0 ? Math.log10(value) : -Infinity;
    return Math.min(Math.max((v - low) / (high - low), -FAR), 1 + FAR);
  };
  return { low, high, ticks, log, share, holds: (v) => share(v) >= -1e-9 && share(v) <= 1 + 1e-9 };
}
export const linear = (low, high, most = 6) => axis(low, high, ticks(low, high, most, number));
export const logarithmic = (low, high, most = 6) =>
  axis(low, high, ticks(low, high, most, power, 1), true);

/** The share of each round number between low and high, and its words. */
function ticks(low, high, most, words, least = 0) {
  const size = SIZES.find((one) => one >= least && (high - low) / one <= most) ?? high - low;
  const [first, last] = [Math.ceil(low / size - 1e-9), Math.floor(high / size + 1e-9)];
  const stops = Array.from({ length: last - first + 1 }, (_, n) => roundOff((first + n) * size, 1e4));
  return stops.map((stop) => [(stop - low) / (high - low), words(stop)]);
}

/** A rectangle of pixels with an axis along two of its sides. */
export const plot = (left, top, right, bottom, x, y) => ({
  left, top, right, bottom, x, y,
  across: (value) => left + (right - left) * x.share(value),
  down: (value) => bottom - (bottom - top) * y.share(value),
});

/** To the next hundredth, halves upwards: in JavaScript and Python alike. */
export const roundOff = (value, parts = 100) => Math.floor(value * parts + 0.5) / parts;
/** A number as SVG wants it, and as a tick writes it. */
export const at = (value) => String(roundOff(value) + 0);
export const number = (value) => at(value).replace("-", "−");
const raised = (exponent) =>
  String(exponent).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
export const power = (exponent) => ({ 0: "1", 1: "10" })[exponent] ?? `10${raised(exponent)}`;

/** A number of any size in a sentence: 0.35, 5.2·10⁻⁷. */
export function scientific(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "no number" : value < 0 ? "−∞" : "∞";
  const [sign, size] = [value < 0 ? "−" : "", Math.abs(value)];
  if (size === 0) return "0";
  if (size >= 0.1 && size < 999.5) return sign + roundOff(size).toFixed(2);
  const [digits, exponent] = size.toExponential(1).split("e");
  return `${sign}${digits}·10${raised(Number(exponent))}`;
}
