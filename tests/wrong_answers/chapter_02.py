"""Answers to the exercises of chapter 02."""

STEP = {
    "forgot the bias": """
        def rnn_step(x, h, W, U, b):
            z = x @ W + h @ U
            return np.tanh(z)
    """,
    "forgot the tanh": """
        def rnn_step(x, h, W, U, b):
            return np.dot(x, W) + np.dot(h, U) + b
    """,
    "adds the bias after the tanh": """
        def rnn_step(x, h, W, U, b):
            h = np.tanh(x @ W + h @ U)
            return h + b
    """,
    "logistic in place of tanh": """
        def rnn_step(x, h, W, U, b):
            return 1 / (1 + np.exp(-(x @ W + h @ U + b)))
    """,
    "does not use h": """
        def rnn_step(x, h, W, U, b):
            return np.tanh(x @ W + b)
    """,
    "does not use x": """
        def rnn_step(x, h, W, U, b):
            return np.tanh(np.matmul(h, U) + b)
    """,
    "W and U exchanged": """
        def rnn_step(x, h, W, U, b):
            past = h @ W
            return np.tanh(past + x @ U + b)
    """,
    "U transposed": """
        def rnn_step(x, h, W, U, b):
            return np.tanh(x @ W + (U @ h.T).T + b)
    """,
    "a tanh for each term": """
        def rnn_step(x, h, W, U, b):
            return np.tanh(x @ W) + np.tanh(h @ U + b)
    """,
    "an elementwise product": """
        def rnn_step(x, h, W, U, b):
            return np.tanh(x * W + h * U + b)
    """,
    "writes into its arguments": """
        def rnn_step(x, h, W, U, b):
            h[:] = np.tanh(x @ W + h @ U + b)
            return h
    """,
    "returns nothing": """
        def rnn_step(x, h, W, U, b):
            h = np.tanh(x @ W + h @ U + b)
    """,
    "prints instead of returning": """
        def rnn_step(x, h, W, U, b):
            print(np.tanh(x @ W + h @ U + b))
    """,
    "arguments in another order": """
        def rnn_step(x, W, h, U, b):
            return np.tanh(x @ W + h @ U + b)
    """,
    "other arguments": """
        def rnn_step(x, h, V, b):
            return np.tanh(np.concatenate([x, h], 1) @ V + b)
    """,
    "does not end": """
        def rnn_step(x, h, W, U, b):
            t = 0
            while t < len(x):
                h_new = np.tanh(x @ W + h @ U + b)
            return h_new
    """,
}

FORWARD = {
    "starts again at every step": """
        def rnn_forward(x, h, W, U, b):
            out = []
            for t in range(x.shape[0]):
                h_new = rnn_step(x[t], h, W, U, b)
                out.append(h_new)
            return np.array(out)
    """,
    "sets h to zero at every step": """
        def rnn_forward(x, h, W, U, b):
            out = []
            for x_t in x:
                h = np.zeros((x.shape[1], U.shape[0]))
                h = np.tanh(x_t @ W + h @ U + b)
                out.append(h)
            return np.stack(out)
    """,
    "ignores the h it is given": """
        def rnn_forward(x, h, W, U, b):
            h = np.zeros_like(h)
            out = []
            for x_t in x:
                h = np.tanh(x_t @ W + h @ U + b)
                out.append(h)
            return np.stack(out)
    """,
    "returns only the last h": """
        def rnn_forward(x, h, W, U, b):
            for x_t in x:
                h = np.tanh(x_t @ W + h @ U + b)
            return h
    """,
    "one step late": """
        def rnn_forward(x, h, W, U, b):
            out = []
            for x_t in x:
                out.append(h)
                h = np.tanh(x_t @ W + h @ U + b)
            return np.stack(out)
    """,
    "returns h_0 as well": """
        def rnn_forward(x, h, W, U, b):
            out = [h]
            for x_t in x:
                out.append(np.tanh(x_t @ W + out[-1] @ U + b))
            return np.stack(out)
    """,
    "leaves out the last step": """
        def rnn_forward(x, h, W, U, b):
            T, B, D = x.shape
            out = np.zeros((T - 1, B, len(b)))
            for t in range(T - 1):
                h = np.tanh(x[t] @ W + h @ U + b)
                out[t] = h
            return out
    """,
    "loops over the batch": """
        def rnn_forward(x, h, W, U, b):
            out = []
            for t in range(x.shape[1]):
                h = rnn_step(x[:, t], h, W, U, b)
                out.append(h)
            return np.stack(out, axis=1)
    """,
    "returns the batch first": """
        def rnn_forward(x, h, W, U, b):
            out = []
            for x_t in x:
                h = rnn_step(x_t, h, W, U, b)
                out.append(h)
            return np.stack(out, axis=1)
    """,
    "runs from the last step to the first": """
        def rnn_forward(x, h, W, U, b):
            out = np.zeros((len(x), *h.shape))
            for t in reversed(range(len(x))):
                h = rnn_step(x[t], h, W, U, b)
                out[t] = h
            return out
    """,
    "the last h in every row": """
        def rnn_forward(x, h, W, U, b):
            state = h.copy()
            out = []
            for x_t in x:
                state[...] = rnn_step(x_t, state, W, U, b)
                out.append(state)
            return np.stack(out)
    """,
    "joins the steps into one axis": """
        def rnn_forward(x, h, W, U, b):
            out = []
            for x_t in x:
                h = rnn_step(x_t, h, W, U, b)
                out.append(h)
            return np.vstack(out)
    """,
    "writes into its arguments": """
        def rnn_forward(x, h, W, U, b):
            out = []
            for x_t in x:
                h += x_t @ W
                out.append(np.tanh(h))
            return np.stack(out)
    """,
    "does not end": """
        def rnn_forward(x, h, W, U, b):
            out, t = [], 0
            while t < len(x):
                h = rnn_step(x[t], h, W, U, b)
            return np.stack(out)
    """,
    "returns nothing": """
        def rnn_forward(x, h, W, U, b):
            out = []
            for x_t in x:
                h = rnn_step(x_t, h, W, U, b)
                out.append(h)
    """,
}
LOOP = """
        def rnn_forward(x, h, W, U, b):
            out = []
            for x_t in x:
                h = {step}
                out.append(h)
            return np.stack(out)
"""
FORWARD |= {
    f"in the step: {name}": LOOP.format(step=step)
    for name, step in {
        "forgot the bias": "np.tanh(x_t @ W + h @ U)",
        "forgot the tanh": "x_t @ W + h @ U + b",
        "adds the bias after the tanh": "np.tanh(x_t @ W + h @ U) + b",
        "logistic in place of tanh": "lt.logistic(x_t @ W + h @ U + b)",
        "does not use x": "np.tanh(h @ U + b)",
        "W and U exchanged": "np.tanh(x_t @ U + h @ W + b)",
        "U transposed": "np.tanh(x_t @ W + h @ U.T + b)",
        "a tanh for each term": "np.tanh(x_t @ W + b) + np.tanh(h @ U)",
        "an elementwise product": "np.tanh(x_t @ W + h * U + b)",
    }.items()
}

MERGE = {
    "adds W and U": "def block_matrix(W, U): return W + U",
    "U above W": "def block_matrix(W, U): return np.vstack((U, W))",
    "W and U side by side": "def block_matrix(W, U): return np.hstack((W, U))",
    "blocks on the diagonal": """
        def block_matrix(W, U):
            (D, H), _ = W.shape, U.shape
            V = np.zeros((D + H, 2 * H))
            V[:D, :H] = W
            V[D:, H:] = U
            return V
    """,
    "W times U": "def block_matrix(W, U): return W.dot(U)",
    "h before x": """
        def merged_step(x, h, V, b):
            return np.tanh(np.hstack([h, x]) @ V + b)
    """,
    "adds x and h": """
        def merged_step(x, h, V, b):
            row = x + h
            return np.tanh(row @ V + b)
    """,
    "joins along the batch": """
        def merged_step(x, h, V, b):
            row = np.concatenate((x, h))
            return np.tanh(row @ V + b)
    """,
    "no bias in the merged step": """
        def merged_step(x, h, V, b):
            return np.tanh(np.hstack([x, h]) @ V)
    """,
    "no tanh in the merged step": """
        def merged_step(x, h, V, b):
            return np.hstack([x, h]) @ V + b
    """,
    "arguments in another order": "def block_matrix(U, W): return np.vstack([W, U])",
}

COUNT = {
    "new weights at every step": "def count_parameters(T, D, H): return T * H * (D + H + 1)",
    "no bias counted": "def count_parameters(T, D, H): return H * (D + H)",
    "no U counted": "def count_parameters(T, D, H): return (D + 1) * H",
    "U counted as a vector": "def count_parameters(T, D, H): return D * H + 2 * H",
    "H numbers too many": "def count_parameters(T, D, H): return H * (D + H) + H + H",
    "counts the outputs": "def count_parameters(T, D, H): return H * (D + H + 1) + H * T",
    "four layers": "def count_parameters(T, D, H): return 4 * H * (D + H + 1)",
    "D and H exchanged": "def count_parameters(T, D, H): return D * (D + H + 1)",
    "arguments in another order": "def count_parameters(D, H, T): return H * (D + H + 1)",
    "prints instead of returning": "def count_parameters(T, D, H): print(H * (D + H + 1))",
}

BATCH = {
    "never runs the machine": "def mixes_up_batch(run): return False",
    "runs it only once": """
        def mixes_up_batch(run):
            h = run(np.random.normal(size=(4, 4, 3)))
            return h.shape != (4, 4, 4)
    """,
    "a batch of one": """
        def mixes_up_batch(run):
            x = np.random.normal(size=(6, 1, 3))
            return not np.allclose(run(x), run(x[:, [0]]))
    """,
    "all sequences alike": """
        def mixes_up_batch(run):
            x = np.ones((4, 3, 3))
            return not np.allclose(run(x[:, [2, 0, 1]]), run(x)[:, [2, 0, 1]])
    """,
    "runs the same batch again": """
        def mixes_up_batch(run):
            x = np.random.normal(size=(4, 3, 3))
            return not np.allclose(run(x), run(x))
    """,
    "permutes time": """
        def mixes_up_batch(run):
            x = np.random.normal(size=(4, 4, 3))
            order = [3, 1, 0, 2]
            return not np.allclose(run(x[order]), run(x)[order])
    """,
    "does not permute the output": """
        def mixes_up_batch(run):
            x = np.random.normal(size=(4, 4, 3))
            return not np.allclose(run(x[:, [3, 1, 0, 2]]), run(x))
    """,
    "True and False exchanged": """
        def mixes_up_batch(run):
            x = np.random.normal(size=(4, 4, 3))
            order = [3, 1, 0, 2]
            return np.allclose(run(x[:, order]), run(x)[:, order])
    """,
    "asks for equality to the last bit": """
        def mixes_up_batch(run):
            x = np.random.normal(size=(4, 4, 3))
            order = [3, 1, 0, 2]
            return bool((run(x[:, order]) != run(x)[:, order]).any())
    """,
    "looks in one direction only": """
        def mixes_up_batch(run):
            x = np.random.normal(size=(4, 4, 3))
            other = x.copy()
            other[:, 0] = 0.0
            return not np.allclose(run(other)[:, 1:], run(x)[:, 1:])
    """,
    "prints instead of returning": """
        def mixes_up_batch(run):
            x = np.random.normal(size=(4, 4, 3))
            print(np.allclose(run(x[:, ::-1]), run(x)[:, ::-1]))
    """,
}

LATCH = {
    "w has the wrong sign": "def latch(): return -5, 4, 0",
    "u is negative": "def latch(): return 6, -3, 0",
    "u is too small, it leaks": "def latch(): return 3, 1, 0",
    "u is above 1, but not enough": "def latch(): return 4, 1.05, 0",
    "b takes sides": "def latch(): return 5, 4, 1.5",
    "w is too small": "def latch(): return 2, 3, 0",
    "counts the steps after a fall": """
        def hold_time(w, u, b, noise):
            h, steps = np.tanh(w + b), 0
            for n in noise:
                h = np.tanh(w * n + u * h + b)
                if h > 0.5:
                    steps += 1
            return steps
    """,
    "counts the falling step": """
        def hold_time(w, u, b, noise):
            h, steps = np.tanh(w + b), 0
            for n in noise:
                h = np.tanh(w * n + u * h + b)
                steps += 1
                if h <= 0.5:
                    break
            return steps
    """,
    "never sets the latch": """
        def hold_time(w, u, b, noise):
            h = 0
            for t, n in enumerate(noise):
                h = np.tanh(w * n + u * h + b)
                if h <= 0.5:
                    return t
            return len(noise)
    """,
    "starts from h = 1": """
        def hold_time(w, u, b, noise):
            h = 1
            for t, n in enumerate(noise):
                h = np.tanh(w * n + u * h + b)
                if h <= 0.5:
                    return t
            return len(noise)
    """,
    "waits for h below zero": """
        def hold_time(w, u, b, noise):
            h = np.tanh(w + b)
            for t, n in enumerate(noise):
                h = np.tanh(w * n + u * h + b)
                if h < 0:
                    return t
            return len(noise)
    """,
    "noise without its weight": """
        def hold_time(w, u, b, noise):
            h = np.tanh(w + b)
            for t, n in enumerate(noise):
                h = np.tanh(u * h + b + n)
                if h <= 0.5:
                    return t
            return len(noise)
    """,
    "noise after the tanh": """
        def hold_time(w, u, b, noise):
            h = np.tanh(w + b)
            for t, n in enumerate(noise):
                h = n + np.tanh(u * h + b)
                if h <= 0.5:
                    return t
            return len(noise)
    """,
    "leaves the noise out": """
        def hold_time(w, u, b, noise):
            h = np.tanh(w + b)
            for t, n in enumerate(noise):
                h = np.tanh(u * h + b)
                if h <= 0.5:
                    return t
            return len(noise)
    """,
    "the same noise at every step": """
        def hold_time(w, u, b, noise):
            h = np.tanh(w + b)
            for t in range(len(noise)):
                h = np.tanh(w * noise[0] + u * h + b)
                if h <= 0.5:
                    return t
            return len(noise)
    """,
    "no bias in the latch": """
        def hold_time(w, u, b, noise):
            h = np.tanh(w)
            for t, n in enumerate(noise):
                h = np.tanh(w * n + u * h)
                if h <= 0.5:
                    return t
            return len(noise)
    """,
    "no bias in the pulse": """
        def hold_time(w, u, b, noise):
            h = np.tanh(w)
            for t, n in enumerate(noise):
                h = np.tanh(w * n + u * h + b)
                if h <= 0.5:
                    return t
            return len(noise)
    """,
    "a share, not a count": """
        def hold_time(w, u, b, noise):
            h, held = np.tanh(w + b), 0
            for n in noise:
                h = np.tanh(w * n + u * h + b)
                if h <= 0.5:
                    break
                held += 1
            return held / len(noise)
    """,
    "does not end": """
        def latch():
            u = 0.0
            while np.tanh(u) < 1.5:
                u += 0.1
            return 5, u, 0
    """,
}

ORDER = {
    "A: what is put back undoes the past": 'def prediction(): return "A", "the old state is back"',
    "B: no memory": 'def prediction(): return "b", "only these inputs changed"',
    "D: the past reaches on by another way": 'def prediction(): return "D)", "order matters here"',
    "E: only what follows the hand": 'def prediction(): return ("E", "their state was replaced")',
    "no reason given": 'def prediction(): return "C", ""',
    "other arguments": 'def prediction(x): return "C", "because of the line between copies"',
}

WRONG = {
    "2.1": STEP,
    "2.2": FORWARD,
    "2.3": MERGE,
    "2.4": COUNT,
    "2.5": BATCH,
    "2.6": LATCH,
    "2.7": ORDER,
}

RIGHT = {
    "2.1": [
        """
        def rnn_step(x, h, W, U, b):
            B, H = h.shape
            out = np.empty((B, H))
            for n in range(B):
                for k in range(H):
                    z = b[k]
                    for d in range(x.shape[1]):
                        z = z + x[n, d] * W[d, k]
                    for j in range(H):
                        z = z + h[n, j] * U[j, k]
                    out[n, k] = np.tanh(z)
            return out
        """,
        """
        def rnn_step(x_t, h_before, W_x, W_h, bias):
            z = np.einsum("bd,dh->bh", x_t, W_x) + np.einsum("bk,kh->bh", h_before, W_h)
            e = np.exp(2 * (z + bias))
            return (e - 1) / (e + 1)
        """,
        """
        def rnn_step(x, h, W, U, b):
            print("shapes", x.shape, h.shape)
            return 2 * lt.logistic(2 * (np.hstack([x, h]) @ np.vstack([W, U]) + b)) - 1
        """,
    ],
    "2.2": [
        """
        def rnn_forward(x, h, W, U, b):
            T, B, D = x.shape
            hs = np.zeros((T + 1, B, h.shape[1]))
            hs[0] = h
            for t in range(T):
                hs[t + 1] = np.tanh(x[t] @ W + hs[t] @ U + b)
            return hs[1:]
        """,
        """
        def rnn_forward(x, h, W, U, b):
            params = lt.Params(W[None], U[None], b[None], np.zeros((0, len(b))))
            return lt.forward(lt.RNN, params, x, lt.RNNState(h))[0]
        """,
        """
        def rnn_forward(x, h, W, U, b):
            first = rnn_step(x[0], h, W, U, b)
            if len(x) == 1:
                return first[None]
            return np.concatenate([first[None], rnn_forward(x[1:], first, W, U, b)])
        """,
    ],
    "2.3": [
        """
        def block_matrix(W, U):
            return np.vstack([W, U])

        def merged_step(x, h, V, b):
            return np.tanh(np.hstack([x, h]) @ V + b)
        """,
        """
        def block_matrix(W, U):
            D, H = W.shape
            V = np.zeros((D + H, H))
            V[:D], V[D:] = W, U
            return V

        def merged_step(x, h, V, b):
            row = np.zeros((len(x), len(V)))
            row[:, : x.shape[1]] = x
            row[:, x.shape[1] :] = h
            return np.tanh(b + row.dot(V))
        """,
        """
        def block_matrix(W, U):
            return np.block([[W], [U]])

        def merged_step(x, h, V, b):
            D = x.shape[1]
            return np.tanh(x @ V[:D] + h @ V[D:] + b)
        """,
    ],
    "2.4": [
        "def count_parameters(T, D, H): return H * (D + H + 1)",
        """
        def count_parameters(T, D, H):
            params = lt.init(lt.RNN, np.random.default_rng(0), D, H)
            return sum(v.size for v in params)
        """,
        "def count_parameters(T, D, H): return np.prod((D, H)) + np.prod((H, H)) + np.int64(H)",
    ],
    "2.5": [
        """
        def mixes_up_batch(run):
            x = np.random.normal(size=(6, 3, 3))
            together = run(x)
            alone = np.concatenate([run(x[:, [n]]) for n in range(3)], axis=1)
            return bool(np.abs(together - alone).max() > 1e-6)
        """,
        """
        def mixes_up_batch(run):
            x = np.random.normal(size=(3, 3, 3))
            h = run(x)
            for n in range(3):
                other = x.copy()
                other[:, n] += 1.0
                rest = [m for m in range(3) if m != n]
                if not np.allclose(run(other)[:, rest], h[:, rest]):
                    return True
            return False
        """,
        """
        def mixes_up_batch(run):
            x = np.random.default_rng(5).uniform(-1, 1, (2, 7, 3))
            return np.bool_(not np.allclose(run(x[:, ::-1]), run(x)[:, ::-1]))
        """,
    ],
    "2.6": [
        """
        def latch():
            return 3, 2, 0.1

        def hold_time(w, u, b, noise):
            h = np.tanh(w + b)
            steps = 0
            for n in noise:
                h = np.tanh(w * n + u * h + b)
                if not h > 0.5:
                    break
                steps += 1
            return steps
        """,
        """
        import math

        latch = (100, 50, 0)

        def hold_time(w, u, b, noise):
            values = [math.tanh(w + b)]
            for n in noise:
                values.append(math.tanh(w * n + u * values[-1] + b))
            low = np.array(values[1:]) <= 0.5
            return np.argmax(low) if low.any() else low.size
        """,
        """
        latch = np.array([2.0, 1.3, 0.0])

        def hold_time(w, u, b, noise, h=None):
            h = np.tanh(w + b) if h is None else h
            if len(noise) == 0:
                return 0
            h = np.tanh(w * noise[0] + u * h + b)
            return 0 if h <= 0.5 else 1 + hold_time(w, u, b, noise[1:], h)
        """,
    ],
    "2.7": [
        'def prediction(): return "C", "the difference is handed on until it is taken out"',
        'def prediction(): return ["c.", "h_6 sees the old h_5 and the old x_6"]',
        'prediction = ("C", "the state is all that is handed on")',
    ],
}
