"""What the fast twins share: stacked weights, scratch arrays, and the weights' gradients."""

import numpy as np

# The backward pass takes so many rows (time steps times batch) at once: enough for its matrix
# products to run at full speed, few enough for what they read to be in the cache still.
ROWS = 512


def stacked_weights(params, layers, halved):
    """[U; W; b], one block (H + D + 1, H) a layer, so that [h, x, 1] meets all three at once.

    The first `halved` of the layers are gates: σ(z) = tanh(z / 2) / 2 + 1/2, and halving their
    weights beforehand, which is exact, spares halving z at every step.
    """
    blocks = np.concatenate((params.U, params.W, params.b[:, None]), axis=1)[layers]
    blocks[:halved] *= 0.5
    return blocks


def rows_of_inputs(x, h):
    """[h, x, 1] for every step, (T+1, B, H + D + 1); of the h only the first is there yet."""
    (T, B, D), H = x.shape, h.shape[-1]
    rows = np.empty((T + 1, B, H + D + 1), x.dtype)
    rows[0, :, :H] = h
    rows[:T, :, H:-1] = x
    rows[:, :, -1] = 1
    return rows


def spans(T, B):
    """How many steps the backward pass takes at once; each (start, end), the last one first."""
    n = min(T, max(1, ROWS // B))
    return n, [(max(0, end - n), end) for end in range(T, 0, -n)]


_spare = {}


def borrow(key, make):
    """Scratch arrays, or whatever `make` makes: from an earlier call with this key, or new.

    Fresh memory is dear: the system hands it out page by page, at the first touch. Nothing
    borrowed ever leaves in a result. Whoever borrows takes it off the shelf, so a second thread
    finds nothing there and gets its own.
    """
    found = _spare.pop(key, None)
    return make(*key[1:]) if found is None else found


def give_back(key, scratch):
    """Put it back on the shelf, which holds what belongs to the last four keys."""
    for oldest in list(_spare)[:-3]:
        _spare.pop(oldest, None)
    _spare[key] = scratch


class Sums:
    """The gradients of W, U and b, gathered span by span; and that of x, a span at a time."""

    def __init__(self, params, x, of_x):
        self.sizes = K, D, H = params.W.shape
        self.x, self.dx = x, np.empty(x.shape, x.dtype) if of_x else None
        self.W_back = params.W.transpose(0, 2, 1).reshape(K * H, D)
        self.dW, self.dU, self.db = 0, 0, 0

    def add(self, start, end, h, dx_in, dh_in):
        """Count steps start .. end-1: h carried into them (n, B, H), what came back (n B, K H)."""
        _, D, H = self.sizes
        rows = len(dx_in)
        self.dU += h.reshape(rows, H).T @ dh_in
        self.dW += self.x[start:end].reshape(rows, D).T @ dx_in
        self.db += np.ones(rows, dx_in.dtype) @ dx_in
        if self.dx is not None:
            np.dot(dx_in, self.W_back, self.dx[start:end].reshape(rows, D))

    def weights(self, layers_of_dU=slice(None)):
        """dW, dU, db with the layers' axis first; those of dU stand in the order given."""
        K, D, H = self.sizes
        dW = self.dW.reshape(D, K, H).transpose(1, 0, 2).copy()
        dU = self.dU.reshape(H, K, H).transpose(1, 0, 2)[layers_of_dU].copy()
        return dW, dU, self.db.reshape(K, H)
