"""Answers to the exercises of chapter 07."""

HALF_LIFE = {
    "rounded": "def half_life(b): return np.round(np.log(0.5) / np.log(lt.logistic(b)))",
    "the bias taken for the gate": """
        def half_life(b):
            return np.log(2) / b
    """,
    "the slope of the gate": """
        def half_life(b):
            f = lt.logistic(b)
            return np.log(0.5) / np.log(lt.logistic_slope(f))
    """,
    "the time to 1/e": """
        def half_life(b):
            return -1 / np.log(lt.logistic(b))
    """,
    "1 / (1 - f)": """
        def half_life(b):
            return 1 / (1 - lt.logistic(b))
    """,
    "upside down": """
        def half_life(b):
            return np.log2(1 + np.exp(-b))
    """,
    "a negative time": """
        def half_life(b):
            f = 1 / (1 + np.exp(-b))
            return np.log(2) / np.log(f)
    """,
    "half a step at a time": """
        def half_life(b):
            return 0.5 / (1 - lt.logistic(b))
    """,
    "forgetting 1 - f": """
        def half_life(b):
            return np.log(0.5) / np.log(lt.logistic(-b))
    """,
    "prints instead of returning": """
        def half_life(b):
            print(np.log(0.5) / np.log(lt.logistic(b)))
    """,
}

BIAS_FOR_LAG = {
    "the gate, not its bias": """
        def bias_for_lag(lag, left):
            return np.exp(np.log(left) / lag)
    """,
    "the logistic function again": """
        def bias_for_lag(lag, left):
            f = left ** (1 / lag)
            return 1 / (1 + np.exp(-f))
    """,
    "one step only": """
        def bias_for_lag(lag, left):
            return np.log(left / (1 - left))
    """,
    "divided by the lag": """
        def bias_for_lag(lag, left):
            f = 1 - (1 - left) / lag
            return np.log(f / (1 - f))
    """,
    "to the power of the lag": """
        def bias_for_lag(lag, left):
            f = left**lag
            return np.log(f / (1 - f))
    """,
    "the sign turned": """
        def bias_for_lag(lag, left):
            f = left ** (1 / lag)
            return np.log((1 - f) / f)
    """,
    "the logarithm of the gate": """
        def bias_for_lag(lag, left):
            return np.log(left) / lag
    """,
    "the inverse of tanh": """
        def bias_for_lag(lag, left):
            f = left ** (1 / lag)
            return 0.5 * np.log((1 + f) / (1 - f))
    """,
    "the half-life only": """
        def bias_for_lag(lag, left):
            f = 2 ** (-1 / lag)
            return np.log(f / (1 - f))
    """,
    "the logarithm of the lag": """
        def bias_for_lag(lag, left):
            return np.log(lag)
    """,
}

CAROUSEL = {
    "from the wrong end": """
        def carousel(f):
            gradient = np.ones((len(f) + 1, f.shape[1]))
            for t in range(len(f)):
                gradient[t + 1] = gradient[t] * f[t]
            return gradient
    """,
    "a sum in place of a product": """
        def carousel(f):
            gradient = np.ones((len(f) + 1, f.shape[1]))
            for t in reversed(range(len(f))):
                gradient[t] = f[t] + gradient[t + 1]
            return gradient
    """,
    "one step only": """
        def carousel(f):
            return np.vstack([f, np.ones(f.shape[1])])
    """,
    "the slope of the gate": """
        def carousel(f):
            gradient = np.ones((len(f) + 1, f.shape[1]))
            for t in reversed(range(len(f))):
                gradient[t] = lt.logistic_slope(f[t]) * gradient[t + 1]
            return gradient
    """,
    "multiplies by 1 - f": """
        def carousel(f):
            gradient = np.ones((len(f) + 1, f.shape[1]))
            for t in reversed(range(len(f))):
                gradient[t] = (1 - f[t]) * gradient[t + 1]
            return gradient
    """,
    "an average gate": """
        def carousel(f):
            T = len(f)
            return np.array([f.mean(axis=0) ** (T - t) for t in range(T + 1)])
    """,
    "the power of one gate": """
        def carousel(f):
            T = len(f)
            rows = [f[t] ** (T - t) for t in range(T)]
            return np.array([*rows, np.ones(f.shape[1])])
    """,
    "one gate too late": """
        def carousel(f):
            gradient = np.ones((len(f) + 1, f.shape[1]))
            for t in reversed(range(len(f) - 1)):
                gradient[t] = f[t + 1] * gradient[t + 1]
            return gradient
    """,
    "a carousel without a gate": """
        def carousel(f):
            return np.ones((len(f) + 1, f.shape[1]))
    """,
    "writes into its arguments": """
        def carousel(f):
            for t in reversed(range(len(f) - 1)):
                f[t] *= f[t + 1]
            return np.vstack([f, np.ones(f.shape[1])])
    """,
}

QUARTERS = {
    "both biases set": """
        def torch_biases(b_ih, b_hh, value):
            H = len(b_ih) // 4
            b_ih, b_hh = b_ih.copy(), b_hh.copy()
            for b in (b_ih, b_hh):
                b[H : 2 * H] = value
            return b_ih, b_hh
    """,
    "the other bias left as it was": """
        def torch_biases(b_ih, b_hh, value):
            H = len(b_ih) // 4
            b_ih = b_ih.copy()
            b_ih[H : 2 * H] = value
            return b_ih, b_hh
    """,
    "the input gate's quarter": """
        def torch_biases(b_ih, b_hh, value):
            H = len(b_ih) // 4
            b_ih, b_hh = b_ih.copy(), b_hh.copy()
            b_ih[:H], b_hh[:H] = value, 0
            return b_ih, b_hh
    """,
    "the candidate's quarter": """
        def torch_biases(b_ih, b_hh, value):
            H = len(b_ih) // 4
            b_ih, b_hh = b_ih.copy(), b_hh.copy()
            b_ih[2 * H : 3 * H], b_hh[2 * H : 3 * H] = 0, value
            return b_ih, b_hh
    """,
    "the output gate's quarter": """
        def torch_biases(b_ih, b_hh, value):
            H = len(b_ih) // 4
            b_ih, b_hh = b_ih.copy(), b_hh.copy()
            b_ih[-H:], b_hh[-H:] = value, 0
            return b_ih, b_hh
    """,
    "every fourth entry": """
        def torch_biases(b_ih, b_hh, value):
            b_ih, b_hh = b_ih.copy(), b_hh.copy()
            b_ih.reshape(-1, 4)[:, 1] = value
            b_hh.reshape(-1, 4)[:, 1] = 0
            return b_ih, b_hh
    """,
    "a quarter of 4H entries": """
        def torch_biases(b_ih, b_hh, value):
            H = len(b_ih)
            b_ih, b_hh = b_ih.copy(), b_hh.copy()
            b_ih[H : 2 * H] = value
            b_hh[H : 2 * H] = 0
            return b_ih, b_hh
    """,
    "all four quarters": """
        def torch_biases(b_ih, b_hh, value):
            return np.full_like(b_ih, value), np.zeros_like(b_hh)
    """,
    "the other quarters erased": """
        def torch_biases(b_ih, b_hh, value):
            H = len(b_ih) // 4
            new = np.zeros_like(b_ih)
            new[H : 2 * H] = value
            return new, np.zeros_like(b_hh)
    """,
    "Keras: another quarter": """
        def keras_bias(b, value):
            i, f, c, o = np.split(b, 4)
            return np.concatenate([i, f, np.full_like(c, value), o])
    """,
    "Keras: half the value": """
        def keras_bias(b, value):
            i, f, c, o = np.split(b, 4)
            return np.concatenate([i, np.full_like(f, value / 2), c, o])
    """,
    "Keras: added to what was there": """
        def keras_bias(b, value):
            i, f, c, o = np.split(b, 4)
            return np.concatenate([i, f + value, c, o])
    """,
}

CHRONO = {
    "no logarithm": """
        def chrono_biases(u, T_max):
            b_f = 1 + u * (T_max - 2)
            return -b_f, b_f
    """,
    "the logarithm outside the draw": """
        def chrono_biases(u, T_max):
            b_f = u * np.log(T_max - 1)
            return -b_f, b_f
    """,
    "times from 0": """
        def chrono_biases(u, T_max):
            b_f = np.log(u * (T_max - 1))
            return -b_f, b_f
    """,
    "the ends misplaced": """
        def chrono_biases(u, T_max):
            b_f = np.log(1 + u * (T_max - 1))
            return -b_f, b_f
    """,
    "the input gate left at 0": """
        def chrono_biases(u, T_max):
            b_f = np.log(1 + u * (T_max - 2))
            return np.zeros(len(u)), b_f
    """,
    "both gates open": """
        def chrono_biases(u, T_max):
            b_f = np.log(1 + u * (T_max - 2))
            return b_f, b_f
    """,
    "the two exchanged": """
        def chrono_biases(u, T_max):
            b_f = np.log(1 + u * (T_max - 2))
            return b_f, -b_f
    """,
    "another logarithm": """
        def chrono_biases(u, T_max):
            b_f = np.log2(1 + u * (T_max - 2))
            return -b_f, b_f
    """,
    "one time for all units": """
        def chrono_biases(u, T_max):
            b_f = np.full(len(u), np.log(T_max - 1))
            return -b_f, b_f
    """,
}

DEFAULT = {
    "A: the carousel keeps everything": """
        def reach_of_one():
            return "A", "the carousel has a factor of one"
    """,
    "B: one factor for all steps": """
        def reach_of_one():
            return "b", "the gate is 0.73, so that much is left"
    """,
    "D: the slope of the gate": """
        def reach_of_one():
            return "D)", "a product of forty slopes of the logistic function"
    """,
    "E: nothing at all": """
        def reach_of_one():
            return ["E", "forty steps are too many for anything"]
    """,
    "no reason given": """
        def reach_of_one():
            return "C", ""
    """,
}

MUST_RESET = {
    "one answer nearly always": """
        def streams():
            rng = np.random.default_rng(0)
            x = rng.integers(9, size=(60, 300))
            return x, np.zeros((60, 300), int)
    """,
    "all sequences alike": """
        def streams():
            x = np.tile(np.arange(60)[:, None] % 9, 300)
            return x, np.roll(x, 1, axis=0)
    """,
    "no memory needed": """
        def streams():
            rng = np.random.default_rng(0)
            x = rng.integers(9, size=(60, 300))
            return x, 8 - x
    """,
    "an answer from the future": """
        def streams():
            rng = np.random.default_rng(0)
            x = rng.integers(9, size=(60, 300))
            return x, np.roll(x, -1, axis=0)
    """,
    "not learned with b_f = 0 either": """
        def streams():
            rng = np.random.default_rng(0)
            return rng.integers(9, size=(60, 300)), rng.integers(9, size=(60, 300))
    """,
    "nothing to forget": """
        def streams():
            rng = np.random.default_rng(0)
            x = (rng.random((60, 300)) < 0.05).astype(int)
            return x, np.maximum.accumulate(x, axis=0)
    """,
}

WRONG = {
    "7.1": HALF_LIFE,
    "7.2": BIAS_FOR_LAG,
    "7.3": CAROUSEL,
    "7.4": QUARTERS,
    "7.5": CHRONO,
    "7.6": DEFAULT,
    "7.7": MUST_RESET,
}

RIGHT = {
    "7.1": [
        """
        def half_life(b):
            return -np.log(2) / np.log(lt.logistic(b))
        """,
        """
        def half_life(b):
            return np.log(2) / np.log1p(np.exp(-b))
        """,
        """
        import math

        def half_life(b):
            return np.array([math.log(0.5, 1 / (1 + math.exp(-one))) for one in b])
        """,
    ],
    "7.2": [
        """
        def bias_for_lag(lag, left):
            f = np.exp(np.log(left) / lag)
            return -np.log(1 / f - 1)
        """,
        """
        def bias_for_lag(lag, left):
            low, high = -50.0, 50.0
            for _ in range(200):
                middle = (low + high) / 2
                if (1 / (1 + np.exp(-middle))) ** lag < left:
                    low = middle
                else:
                    high = middle
            return middle
        """,
    ],
    "7.3": [
        """
        def carousel(f):
            back = np.cumprod(f[::-1], axis=0)[::-1]
            return np.vstack([back, np.ones(f.shape[1])])
        """,
        """
        def carousel(f):
            return np.array([f[t:].prod(axis=0) for t in range(len(f) + 1)])
        """,
    ],
    "7.4": [
        """
        def torch_biases(b_ih, b_hh, value):
            i, f, g, o = np.split(b_ih, 4)
            i2, f2, g2, o2 = np.split(b_hh, 4)
            return np.concatenate([i, value - f2, g, o]), b_hh

        def keras_bias(b, value):
            i, f, c, o = b.reshape(4, -1)
            return np.concatenate([i, value + 0 * f, c, o])
        """,
        """
        def torch_biases(b_ih, b_hh, value):
            b_ih, b_hh = b_ih.copy(), b_hh.copy()
            for b in (b_ih, b_hh):
                b.reshape(4, -1)[1] = value / 2
            return [b_ih, b_hh]

        def keras_bias(b, value):
            forget = np.arange(len(b)) * 4 // len(b) == 1
            return np.where(forget, value, b)
        """,
    ],
    "7.5": [
        """
        def chrono_biases(u, T_max):
            time = (1 - u) * 1 + u * (T_max - 1)
            keep = np.log(time)
            return keep * -1.0, keep
        """,
        """
        def chrono_biases(u, T_max):
            f = 1 - 1 / (2 + u * (T_max - 2))
            return np.log((1 - f) / f), np.log(f / (1 - f))
        """,
    ],
    "7.6": [
        """
        def reach_of_one():
            return "c", "0.73 multiplied forty times is a few millionths"
        """,
        """
        answer = "C", "the half-life is two steps, so twenty halvings fit in"

        def reach_of_one():
            return answer
        """,
    ],
    "7.7": [
        """
        def streams():
            rng = np.random.default_rng(7)
            x = np.where(rng.random((60, 300)) < 0.4, rng.integers(1, 9, (60, 300)), 0)
            rows, last = [], np.zeros(300, int)
            for row in x:
                last = np.where(row > 0, row, last)
                rows.append(last)
            return x, np.array(rows)
        """,
        """
        def streams():
            rng = np.random.default_rng(3)
            x = rng.integers(0, 7, size=(60, 300))
            y = np.zeros_like(x)
            for n in range(300):
                now = 0
                for t in range(60):
                    if x[t, n] > 1:
                        now = x[t, n]
                    y[t, n] = now
            return x, y
        """,
    ],
}
