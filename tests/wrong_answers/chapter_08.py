"""Answers to the exercises of chapter 08."""


def step(i="lt.logistic(z_i)", g="np.tanh(z_g)", c="f * c + i * g", z=None, back="i, g, c"):
    """The cell of a reader for 8.1, with one line of their own."""
    z = z or "x @ W + h @ U + b[:, None]"
    return f"""
        def write_step(x, h, c, f, W, U, b):
            z_i, z_g = {z}
            i, g = {i}, {g}
            c = {c}
            return {back}
    """


WRITE = {
    "the candidate logistic": step(g="1 / (1 + np.exp(-z_g))"),
    "the gate with tanh": step(i="np.tanh(z_i)"),
    "gate and candidate exchanged": step(z="(x @ W + h @ U + b[:, None])[::-1]"),
    "adds in place of multiplying": step(c="f * c + (i + g)"),
    "no input gate": step(c="g + f * c"),
    "the input gate on everything": step(c="(f * c + g) * i"),
    "the forget gate on everything": step(c="f * (i * g + c)"),
    "the two gates exchanged": step(c="f * g + i * c"),
    "one gate for both": step(c="c * f + g * (1 - f)"),
    "the old c is lost": step(c="g * i"),
    "nothing is forgotten": step(c="i * g + c"),
    "tanh on the cell state": step(c="np.tanh(f * c + i * g)"),
    "forgot the bias": step(z="x @ W + h @ U"),
    "does not use h": step(z="x @ W + b[:, None]"),
    "U transposed": step(z="x @ W + h @ U.transpose(0, 2, 1) + b[:, None]"),
    "in another order": step(back="g, i, c"),
    "not finished": step(back="i, None, None"),
    "prints instead of returning": """
        def write_step(x, h, c, f, W, U, b):
            print(f * c)
    """,
}

FOREVER = {
    "A: the distractors cancel": 'stream_prediction = "A", "half are up and half are down"',
    "B: bounded by tanh": 'stream_prediction = "B", "since g is a tanh it stays small"',
    "D: every step adds": 'stream_prediction = "D", "each step adds a half to it"',
    "E: the memory fades": 'def stream_prediction(): return "E", "old things are always forgotten"',
    "no reason given": 'def stream_prediction(): return "C"',
}

KEY = {
    "the two rows exchanged": "key_gate = (5.0, 0.0, 0.0), (0.0, 20.0, -10.0)",
    "beyond 20": "def key_gate(): return (0, 200, -100), (5, 0, 0)",
    "open for the distractors": "key_gate = (0, -20, 10), (5, 0, 0)",
    "shut for the key too": "key_gate = (0, 5, -12), (5, 0, 0)",
    "the gate listens to the value": "key_gate = (8, 20, -10), (5, 0, 0)",
    "not shut enough": "key_gate = (0, 6, -3), (5, 0, 0)",
    "always open": "key_gate = (0, 0, 10), (5, 0, 0)",
    "the sign turned round": "key_gate = (0, 20, -10), (-5, 0, 0)",
    "the candidate does not follow the value": "key_gate = (0, 20, -10), (5, 10, 0)",
    "writes too little": "key_gate = (0, 20, -10), (0.5, 0, 0)",
}

ONE_TANH = {
    "a number outside": "beyond_one_tanh = (0, 0, -2, 2), (0, 20, -10), (5, 0, 0)",
    "one tanh does it too": "beyond_one_tanh = (-1, 1, -1, 1), (0, 0, 10), (5, 0, 0)",
    "asks the gate to turn a sign round": (
        "beyond_one_tanh = (1, -1, -1, 1), (0, 20, -10), (5, 0, 0)"
    ),
    "another table": "beyond_one_tanh = (0, 0, -1, 1), (0, -20, 10), (5, 0, 0)",
    "the gate does nothing": """
        def beyond_one_tanh():
            return np.array([0, 0, -1, 1]), np.array([0, 0, 10]), np.array([5, 0, 0])
    """,
}

HOW_SHUT = {
    "the gate, not its bias": "def bias_that_shuts(T, most): return most / T",
    "the sign turned round": "def bias_that_shuts(T, most): return -np.log(most / (T - most))",
    "exp in place of the logistic": "def bias_that_shuts(T, most): return np.log(most / T)",
    "one step only": "def bias_that_shuts(T, most): return np.log(most)",
    "the typical case": """
        def bias_that_shuts(T, most):
            i = most / T**0.5
            return np.log(i / abs(1 - i))
    """,
    "a logarithm to another base": """
        def bias_that_shuts(T, most):
            return np.log10(most / (T - most))
    """,
    "artanh in place of its cousin": "def bias_that_shuts(T, most): return np.arctanh(most / T)",
}


def moved(gated="f_t * a + i_t * g_t", ungated="f_t * b + g_t", back="b - a", start="c_0"):
    """The cell of a reader for 8.6, with one line of their own."""
    return f"""
        def moved_without_gate(c_0, i, f, g):
            a, b = c_0, {start}
            for i_t, f_t, g_t in zip(i, f, g):
                a = {gated}
                b = {ungated}
            return {back}
    """


ABLATE = {
    "shut in place of open": moved(ungated="f_t * b"),
    "the other way round": moved(back="a - b"),
    "the size only": moved(back="abs(b - a)"),
    "without the forget gate": moved(gated="a + i_t * g_t", ungated="b + g_t"),
    "the forget gate goes too": moved(ungated="b + g_t"),
    "the last step only": "def moved_without_gate(c_0, i, f, g): return g[-1] - i[-1] * g[-1]",
    "forgets the new as well": moved(gated="f_t * (a + i_t * g_t)", ungated="f_t * (b + g_t)"),
    "without the start in one run": moved(start="0 * c_0"),
    "A: every part matters": 'ablation_verdict = "A", "a gate always does something"',
    "B: the rest makes up for it": 'ablation_verdict = "B", "the others make up for it"',
    "D: a shut gate always matters": 'ablation_verdict = "D", "they are shut in both"',
    "E: a loud candidate always matters": 'ablation_verdict = "E", "loud ones write too much"',
    "no reason given": 'ablation_verdict = "C"',
}

COUNT = {
    "three gates, three numbers": "def gate_values(T, B, H): return T * B * 3",
    "four gates": "def gate_values(T, B, H): return T * B * 4 * H",
    "one step only": "def gate_values(T, B, H): return B * 3 * H",
    "one sequence only": "def gate_values(T, B, H): return 3 * H * T",
    "one gate only": "def gate_values(T, B, H): return T * B * H",
    "two gates only": "def gate_values(T, B, H): return 2 * T * B * H",
    "the candidate counted": "def gate_weights(D, H): return 4 * H * (D + H + 1)",
    "one number for a gate": "def gate_weights(D, H): return 3 * (D + H + 1)",
    "the biases left out": "def gate_weights(D, H): return 3 * H * (D + H)",
    "each unit hears only itself": "def gate_weights(D, H): return 3 * (D * H + 2 * H)",
    "does not hear h": "def gate_weights(D, H): return 3 * H * (D + 1)",
    "the weights of one gate": "def gate_weights(D, H): return H * (D + H + 1)",
    "two biases for each": "def gate_weights(D, H): return 3 * H * (D + H + 2)",
}

WRONG = {
    "8.1": WRITE,
    "8.2": FOREVER,
    "8.3": KEY,
    "8.4": ONE_TANH,
    "8.5": HOW_SHUT,
    "8.6": ABLATE,
    "8.7": COUNT,
}

RIGHT = {
    "8.1": [
        step(),
        """
        def write_step(x, h, c, f, W, U, b):
            merged = np.concatenate([x, h], axis=1)
            V = np.concatenate([W, U], axis=1)
            i = 0.5 + 0.5 * np.tanh((merged @ V[0] + b[0]) / 2)
            g = np.tanh(merged @ V[1] + b[1])
            return [i, g, c * f + g * i]
        """,
        """
        def write_step(x, h, c, f, W, U, b):
            i, g = np.empty_like(c), np.empty_like(c)
            for n in range(len(x)):
                i[n] = lt.logistic(x[n] @ W[0] + h[n] @ U[0] + b[0])
                g[n] = lt.tanh(x[n] @ W[1] + h[n] @ U[1] + b[1])
            return i, g, f * c + i * g
        """,
    ],
    "8.2": [
        'def stream_prediction(): return "C", "it wanders like a drunkard"',
        'stream_prediction = ["c", "the root of the number of steps"]',
    ],
    "8.3": [
        "key_gate = (0, 19, -9.5), (20, 0, 0)",
        "def key_gate(): return np.array([[0, 20, -12], [3.0, 0.1, -0.1]])",
        "key_gate = [[1.5, 20, -12], [8, 0, 1]]",
    ],
    "8.4": [
        "beyond_one_tanh = (0, 0, 0, 1), (10, 10, -15), (0, 0, 5)",
        "beyond_one_tanh = (-1, 1, 0, 0), (0, -20, 10), (5, 0, 0)",
        "def beyond_one_tanh(): return [0, 0, -0.9, 0.9], [0, 20, -10], [1.5, 0, 0]",
    ],
    "8.5": [
        "def bias_that_shuts(T, most): return -np.log(T / most - 1)",
        """
        def bias_that_shuts(T, most):
            low, high = -50.0, 50.0
            for _ in range(100):
                middle = (low + high) / 2
                low, high = (middle, high) if T / (1 + np.exp(-middle)) < most else (low, middle)
            return middle
        """,
        "def bias_that_shuts(T, most): return 2 * np.arctanh(2 * most / T - 1)",
    ],
    "8.6": [
        moved() + '\n        ablation_verdict = "C", "only there is something kept out"\n',
        """
        def moved_without_gate(c_0, i, f, g):
            later = np.cumprod(f[::-1], axis=0)[::-1]
            later = np.concatenate([later[1:], np.ones((1, len(c_0)))])
            return ((1 - i) * g * later).sum(axis=0)

        def ablation_verdict():
            return "c.", "one minus i, times g, is what was kept out"
        """,
    ],
    "8.7": [
        """
        def gate_values(T, B, H):
            return sum(H for _ in "ifo") * T * B

        def gate_weights(D, H):
            params = lt.init(lt.LSTM, np.random.default_rng(0), D, H)
            return sum(v[k].size for v in (params.W, params.U, params.b) for k in (0, 1, 3))
        """,
        """
        def gate_values(T, B, H):
            x = np.zeros((T, B, 1))
            params = lt.init(lt.LSTM, np.random.default_rng(0), 1, H)
            gates = lt.forward(lt.LSTM, params, x)[2].gates
            return gates.i.size + gates.f.size + gates.o.size

        def gate_weights(D, H):
            return np.int64(3 * H * (D + H + 1))
        """,
    ],
}
