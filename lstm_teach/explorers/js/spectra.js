// The mathematics of the spectrum figure. Read it beside lstm_teach/explorers/spectrum.py and
// influence.py: a test holds the numbers equal to 1e-12. A matrix is an array of rows.
import { tanh, times } from "./forward.js";

/** U = radius * S B S⁻¹: S is diagonal, from 1 to 10 to the power decades * shear. */
export function recurrent(B, decades, radius, shear) {
  const pull = B.map((_, n) => 10 ** ((decades * shear * n) / (B.length - 1)));
  return B.map((row, i) => row.map((value, j) => (radius * value * pull[j]) / pull[i]));
}

/** The slopes tanh′ of all units at every step of h' = tanh(gain * x + h U). x (T, H) -> (T, H). */
export function slopesOf(U, x, gain) {
  let h = U.map(() => 0);
  return x.map((x_t) => {
    const fromState = times(h, U);
    h = x_t.map((value, n) => tanh(gain * value + fromState[n]));
    return h.map((y) => 1 - y * y);
  });
}

/** a · b, the innermost loop of all that follows. */
export function dot(a, b) {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}

/** ‖∂h_T/∂h_{T-k}‖ for k = 0 .. T: one step back multiplies the rows by the slopes, then by Uᵀ. */
export function gradients(U, slopes) {
  let J = U.map((_, i) => U.map((__, j) => Number(i === j)));
  const norms = [1];
  for (const slope of [...slopes].reverse()) {
    J = J.map((row) => {
      const dz = row.map((value, n) => value * slope[n]);
      return U.map((to) => dot(to, dz));
    });
    norms.push(largestSingularValue(J));
  }
  return norms;
}

/** The largest singular value of a square matrix: the root of the largest eigenvalue of A = J Jᵀ. */
export function largestSingularValue(J) {
  const scale = Math.max(...J.map((row) => Math.max(...row.map(Math.abs))));
  if (scale === 0) return 0;
  const rows = J.map((row) => row.map((value) => value / scale)); // nothing under- or overflows
  const A = rows.map((a) => rows.map((b) => dot(a, b)));
  return scale * Math.sqrt(largestEigenvalue(tridiagonal(A)));
}

/** A symmetric matrix, turned (Householder) until only its diagonal and the entries beside it
 *  are left: [diagonal, squares of the others]. The eigenvalues stay. A is used up. */
function tridiagonal(A) {
  const [size, beside] = [A.length, []];
  for (let k = 0; k < size - 1; k++) {
    const v = A[k].map((value, n) => (n > k ? value : 0));
    const length = dot(v, v);
    beside.push(length);
    v[k + 1] += Math.sign(v[k + 1] || 1) * Math.sqrt(length);
    const square = dot(v, v);
    if (square === 0) continue;
    const w = A.map((row) => (2 * dot(row, v)) / square);
    const share = dot(w, v) / square;
    for (let n = 0; n < size; n++) w[n] -= share * v[n];
    for (let i = k + 1; i < size; i++)
      for (let j = k + 1; j < size; j++) A[i][j] -= v[i] * w[j] + w[i] * v[j];
  }
  return [A.map((row, n) => row[n]), beside];
}

/** The largest eigenvalue, by halving: t is above it where no pivot of t - A is negative. */
function largestEigenvalue([diagonal, beside]) {
  const above = (t) => {
    let pivot = 1;
    for (let n = 0; n < diagonal.length; n++) {
      pivot = t - diagonal[n] - (n > 0 ? beside[n - 1] / pivot : 0);
      if (!(pivot > 0)) return false;
    }
    return true;
  };
  const around = diagonal.map((value, n) =>
    value + Math.sqrt(beside[n] ?? 0) + Math.sqrt(n > 0 ? beside[n - 1] : 0));
  let [low, high] = [Math.max(...diagonal), Math.max(...around) * (1 + 1e-15)];
  for (let n = 0; n < 64 && high - low > 4e-16 * high; n++) {
    const middle = (low + high) / 2;
    if (above(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** What speaks against "above 1 it explodes, below 1 it vanishes". */
export function counterExample(radius, last, highest) {
  const vanishes = radius >= 1.2 && last < 1e-3;
  const grows = radius <= 0.95 && highest > 10;
  return { last, highest, vanishes, grows, reached: vanishes || grows };
}
