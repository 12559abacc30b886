"""Answers to the exercises of chapter 01."""

SQUASH = {
    "falls where it should rise": "def logistic(z): return 1 / (1 + np.exp(z))",
    "brackets missing in the quotient": "def logistic(z): return 1 / 1 + np.exp(-z)",
    "minus in the denominator": "def logistic(z): return 1 / (1 - np.exp(-z))",
    "tanh in place of the logistic function": "logistic = np.tanh",
    "twice as steep": "def logistic(z): return 0.5 * (1 + np.tanh(z))",
    "the quotient turned upside down": """
        def tanh_by_logistic(z):
            return (np.exp(z) + np.exp(-z)) / (np.exp(z) - np.exp(-z))
    """,
    "the 2 inside is missing": """
        def tanh_by_logistic(z):
            return (1 - np.exp(-z)) / (1 + np.exp(-z))
    """,
    "not moved down": "def tanh_by_logistic(z): return 2 * logistic(2 * z)",
    "not stretched in height": "def tanh_by_logistic(z): return logistic(2 * z) - 0.5",
    "upside down": "def tanh_by_logistic(z): return 1 - 2 * logistic(2 * z)",
    "writes into its arguments": """
        def logistic(z):
            z *= -1
            return 1 / (1 + np.exp(z))
    """,
    "prints instead of returning": "def logistic(z): print(1 / (1 + np.exp(-z)))",
}

SLOPES = {
    "takes y for the input": """
        def logistic_slope(y):
            s = 1 / (1 + np.exp(-y))
            return s * (1 - s)
    """,
    "the slope of tanh": "def logistic_slope(y): return 1 - y**2",
    "one factor only": "def logistic_slope(y): return 1 - y",
    "the wrong sign": "def logistic_slope(y): return y**2 - y",
    "a square too many": "def logistic_slope(y): return y * (1 - y**2)",
    "takes y for the input of tanh": "def tanh_slope(y): return 1 / np.cosh(y) ** 2",
    "the slope of the logistic function": "def tanh_slope(y): return y * (1 - y)",
    "the square is missing": "def tanh_slope(y): return 1 - y",
    "plus in place of minus": "def tanh_slope(y): return 1 + y * y",
    "the square in another place": "def tanh_slope(y): return (1 - y) ** 2",
    "returns nothing": """
        def tanh_slope(y):
            slope = 1 - y * y
    """,
}

MEASURED = {
    "a step to one side only": "def central_slope(f, z, eps): return (f(z + eps) - f(z)) / eps",
    "divides by one step": "def central_slope(f, z, eps): return (f(z + eps) - f(z - eps)) / eps",
    "multiplies by the step": """
        def central_slope(f, z, eps):
            return (f(z + eps) - f(z - eps)) / 2 * eps
    """,
    "does not divide": "def central_slope(f, z, eps): return f(z + eps) - f(z - eps)",
    "left minus right": """
        def central_slope(f, z, eps):
            return (f(z - eps) - f(z + eps)) / (2 * eps)
    """,
    "a step of its own": """
        def central_slope(f, z, eps):
            d = 1e-6
            return (f(z + d) - f(z - d)) / (2 * d)
    """,
    "an exponent in place of a step": "def best_step(): return -5",
    "too large: the curve bends": "def best_step(): return 1e-3",
    "the best step of the other formula": "def best_step(): return np.sqrt(2.2e-16)",
    "too small: rounding takes over": "def best_step(): return 1e-10",
    "smaller than the gaps between floats": "def best_step(): return np.finfo(float).eps",
    "other arguments": "def central_slope(f, z): return (f(z + 1e-5) - f(z - 1e-5)) / 2e-5",
}

CATCH = {
    "never calls f": """
        def slope_is_wrong(f, slope):
            return slope(0.0) != 1
    """,
    "never asks the claim": """
        def slope_is_wrong(f, slope):
            z = np.linspace(-3, 3, 25)
            return bool((np.diff(f(z)) <= 0).any())
    """,
    "hands the input to the claim": """
        def slope_is_wrong(f, slope):
            z = np.linspace(-3, 3, 25)
            return not np.allclose(slope(z), (f(z + 1e-5) - f(z - 1e-5)) / 2e-5, atol=1e-6)
    """,
    "looks at one place": """
        def slope_is_wrong(f, slope):
            measured = (f(1e-5) - f(-1e-5)) / 2e-5
            return not np.allclose(slope(f(0.0)), measured, atol=1e-6)
    """,
    "looks at one side": """
        def slope_is_wrong(f, slope):
            z = np.linspace(0, 3, 20)
            measured = (f(z + 1e-5) - f(z - 1e-5)) / 2e-5
            return not np.allclose(slope(f(z)), measured, atol=1e-6)
    """,
    "True and False exchanged": """
        def slope_is_wrong(f, slope):
            z = np.linspace(-3, 3, 25)
            measured = (f(z + 1e-5) - f(z - 1e-5)) / 2e-5
            return np.allclose(slope(f(z)), measured, atol=1e-6)
    """,
    "a step that is too coarse": """
        def slope_is_wrong(f, slope):
            z = np.linspace(-3, 3, 25)
            measured = (f(z + 0.1) - f(z - 0.1)) / 0.2
            return not np.allclose(slope(f(z)), measured, atol=1e-6)
    """,
    "asks for equality": """
        def slope_is_wrong(f, slope):
            z = np.linspace(-3, 3, 25)
            measured = (f(z + 1e-5) - f(z - 1e-5)) / 2e-5
            return bool((slope(f(z)) != measured).any())
    """,
    "lets small errors through": """
        def slope_is_wrong(f, slope):
            z = np.linspace(-3, 3, 25)
            measured = (f(z + 1e-5) - f(z - 1e-5)) / 2e-5
            return not np.allclose(slope(f(z)), measured, atol=0.1)
    """,
    "does not end": """
        def slope_is_wrong(f, slope):
            eps = 1.0
            while f(np.ones(1) * eps) > 0 or True:
                eps = eps / 2
    """,
}

KNIFE = {
    "divides by the value of tanh": "def steady_weight(): return 1 / np.tanh(1)",
    "the slope of the other curve": """
        def steady_weight():
            y = lt.logistic(1.0)
            return 1 / (y * (1 - y))
    """,
    "forgets the slope": "def steady_weight(): return 1.0",
    "the product vanishes": "def steady_weight(): return 2.2",
    "the product explodes": "def steady_weight(): return 2.6",
    "forgets that there are many steps": """
        def weight_interval(slope, steps):
            return np.array([1 / (10 * slope), 10 / slope])
    """,
    "divides by the steps in place of a root": """
        def weight_interval(slope, steps):
            return np.array([1 / (10 / steps) / slope, 10 / steps / slope])
    """,
    "forgets the slope here": """
        def weight_interval(slope, steps):
            return np.array([0.1 ** (1 / steps), 10 ** (1 / steps)])
    """,
    "multiplies by the slope": """
        def weight_interval(slope, steps):
            return np.array([slope * 0.1 ** (1 / steps), slope * 10 ** (1 / steps)])
    """,
    "the ends exchanged": """
        def weight_interval(slope, steps):
            stretch = 10 ** (1 / steps)
            return np.array([stretch / slope, 1 / stretch / slope])
    """,
    "e in place of 10": """
        def weight_interval(slope, steps):
            return np.array([np.exp(-1 / steps), np.exp(1 / steps)]) / slope
    """,
    "the power in place of the root": """
        def weight_interval(slope, steps):
            return np.array([10.0**-steps, 10.0**steps]) / slope
    """,
}

UNDERFLOW = {
    "A: the halvings are undone": 'def down_and_up(): return "A", "two times a half is one"',
    "C: it overflows": 'def down_and_up(): return "c", "the doublings leave the range"',
    "D: a little rounding": 'def down_and_up(): return "D)", "each product is rounded"',
    "E: not a number": 'def down_and_up(): return ("E", "zero times infinity is nan")',
    "no reason given": 'def down_and_up(): return "B"',
}

STABLE = {
    "exp(-z) overflows": "def stable_logistic(z): return 1 / (1 + np.exp(-z))",
    "exp(z) overflows": """
        def stable_logistic(z):
            e = np.exp(z)
            return e / (e + 1)
    """,
    "np.where computes both sides": """
        def stable_logistic(z):
            return np.where(z > 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))
    """,
    "the same for z and for -z": "def stable_logistic(z): return 1 / (1 + np.exp(-abs(z)))",
    "the two sides exchanged": """
        def stable_logistic(z):
            e = np.exp(-np.abs(z))
            return np.where(z < 0, 1, e) / (1 + e)
    """,
    "clips too early": """
        def stable_logistic(z):
            return 1 / (1 + np.exp(-np.clip(z, -10, 10)))
    """,
    "an if for a whole array": """
        def stable_logistic(z):
            if z >= 0:
                return 1 / (1 + np.exp(-z))
            return np.exp(z) / (1 + np.exp(z))
    """,
    "writes into its arguments": """
        def stable_logistic(z):
            z[z < -500] = -500
            return 1 / (1 + np.exp(-z))
    """,
}

SOFTMAX = {
    "the sum overflows": "def log_sum_exp(z): return np.log(np.sum(np.exp(z), axis=-1))",
    "the largest is not added again": """
        def log_sum_exp(z):
            m = z.max(axis=1, keepdims=True)
            return np.log(np.exp(z - m).sum(axis=1))
    """,
    "one largest for all rows": """
        def log_sum_exp(z):
            m = np.max(z)
            return np.log(np.exp(z - m).sum(axis=1)) + m
    """,
    "subtracts the mean": """
        def log_sum_exp(z):
            m = z.mean(axis=1)
            return m + np.log(np.exp(z - m[:, None]).sum(axis=1))
    """,
    "only the largest": "def log_sum_exp(z): return np.max(z, axis=1)",
    "no logarithm": "def log_sum_exp(z): return np.exp(z - z.max(1)[:, None]).sum(axis=1)",
    "softmax overflows": """
        def stable_softmax(z):
            e = np.exp(z)
            return e / e.sum(axis=1, keepdims=True)
    """,
    "sums over the wrong axis": """
        def stable_softmax(z):
            e = np.exp(z - z.max(axis=1, keepdims=True))
            return e / e.sum(axis=0)
    """,
    "sums over everything": """
        def stable_softmax(z):
            e = np.exp(z - z.max())
            return e / e.sum()
    """,
    "one largest z for all rows": """
        def stable_softmax(z):
            e = np.exp(z - np.max(z))
            return e / e.sum(axis=1)[:, None]
    """,
    "subtracts the mean of the row": """
        def stable_softmax(z):
            e = np.exp(z - z.mean(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)
    """,
    "does not divide by the sum": """
        def stable_softmax(z):
            return np.exp(z - z.max(axis=1, keepdims=True))
    """,
}

GRADIENT = {
    "the sign turned round": """
        def cross_entropy_gradient(z, k):
            return (np.eye(z.shape[1])[k] - lt.softmax(z)) / len(k)
    """,
    "the 1 is not subtracted": "def cross_entropy_gradient(z, k): return lt.softmax(z) / len(z)",
    "sum in place of the mean": """
        def cross_entropy_gradient(z, k):
            dz = stable_softmax(z)
            dz[np.arange(len(k)), k] -= 1
            return dz
    """,
    "divides by N as well": """
        def cross_entropy_gradient(z, k):
            return (lt.softmax(z) - np.eye(z.shape[1])[k]) / z.size
    """,
    "subtracts 1 everywhere": """
        def cross_entropy_gradient(z, k):
            dz = lt.softmax(z)
            dz[:, k] -= 1
            return dz / len(k)
    """,
    "only the right place": """
        def cross_entropy_gradient(z, k):
            p, dz = lt.softmax(z), np.zeros(z.shape)
            for n, right in enumerate(k):
                dz[n, right] = p[n, right] - 1
            return dz / len(k)
    """,
    "a slope too many": """
        def cross_entropy_gradient(z, k):
            p = lt.softmax(z)
            return (p - np.eye(z.shape[1])[k]) * p * (1 - p) / len(k)
    """,
    "z in place of softmax(z)": """
        def cross_entropy_gradient(z, k):
            dz = z.copy()
            dz[np.arange(len(k)), k] -= 1
            return dz / len(k)
    """,
    "writes into its arguments": """
        def cross_entropy_gradient(z, k):
            z -= z.max(axis=1, keepdims=True)
            p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
            return (p - np.eye(z.shape[1])[k]) / len(k)
    """,
}

WRONG = {
    "1.1": SQUASH,
    "1.2": SLOPES,
    "1.3": MEASURED,
    "1.4": CATCH,
    "1.5": KNIFE,
    "1.6": UNDERFLOW,
    "1.7": STABLE,
    "1.8": SOFTMAX,
    "1.9": GRADIENT,
}

RIGHT = {
    "1.1": [
        """
        def logistic(z):
            return np.exp(z) / (np.exp(z) + 1)

        def tanh_by_logistic(z):
            return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
        """,
        """
        logistic = lt.logistic

        def tanh_by_logistic(values):
            return 1 - 2 * logistic(-2 * values)
        """,
        """
        def logistic(z):
            return (np.tanh(z / 2) + 1) / 2

        def tanh_by_logistic(z):
            return logistic(2 * z) - logistic(-2 * z)
        """,
    ],
    "1.2": [
        """
        def logistic_slope(y):
            return y - y**2

        def tanh_slope(y):
            return (1 - y) * (1 + y)
        """,
        """
        def logistic_slope(y):
            z = np.log(y / (1 - y))
            return np.exp(-z) / (1 + np.exp(-z)) ** 2

        def tanh_slope(y):
            return 1 / np.cosh(np.arctanh(y)) ** 2
        """,
        "logistic_slope, tanh_slope = lt.logistic_slope, lt.tanh_slope",
    ],
    "1.3": [
        """
        def central_slope(f, z, eps):
            right, left = f(z + eps), f(z - eps)
            return 0.5 * (right - left) / eps

        def best_step():
            return 1e-6
        """,
        """
        def central_slope(f, z, eps):
            ahead = (f(z + eps) - f(z)) / eps
            behind = (f(z) - f(z - eps)) / eps
            return (ahead + behind) / 2

        def best_step():
            z = np.linspace(-1, 1, 101)
            steps = 10.0 ** -np.arange(1, 12)
            errors = [
                np.abs(central_slope(np.tanh, z, eps) - 1 + np.tanh(z) ** 2).mean()
                for eps in steps
            ]
            return steps[np.argmin(errors)]
        """,
        """
        def central_slope(f, z, eps):
            slope = np.empty(z.shape)
            for place in np.ndindex(z.shape):
                slope[place] = (f(z[place] + eps) - f(z[place] - eps)) / (eps + eps)
            return slope

        best_step = np.finfo(float).eps ** (1 / 3)
        """,
    ],
    "1.4": [
        """
        def slope_is_wrong(f, slope):
            for z in np.linspace(-4, 4, 41):
                if abs(slope(f(z)) - (f(z + 1e-5) - f(z - 1e-5)) / 2e-5) > 1e-5:
                    return True
            return False
        """,
        """
        def slope_is_wrong(f, slope):
            z = np.random.default_rng(0).normal(0, 2, 200)
            measured = (f(z + 1e-6) - f(z)) / 1e-6
            return np.abs(slope(f(z)) - measured).max() > 1e-4
        """,
        """
        def slope_is_wrong(f, slope):
            z = np.linspace(-3, 3, 30)
            measured = lt.numerical_gradient(lambda v: f(v).sum(), z)
            return bool(lt.relative_error(slope(f(z)), measured).max() > 1e-5)
        """,
    ],
    "1.5": [
        """
        steady_weight = -2.4

        def weight_interval(slope, steps):
            middle, stretch = 1 / slope, np.exp(np.log(10) / steps)
            return np.array([middle / stretch, middle * stretch])
        """,
        """
        def steady_weight():
            return np.cosh(1) ** 2

        def weight_interval(slope, steps):
            return 10 ** (np.array([-1, 1]) / steps - np.log10(slope))
        """,
        """
        def steady_weight():
            return weight_interval(1 - np.tanh(1) ** 2, 50).mean()

        def weight_interval(slope, steps):
            return np.power([0.1, 10], 1 / steps) / slope
        """,
    ],
    "1.6": [
        'def down_and_up(): return "B", "half of the smallest float is rounded to zero"',
        'down_and_up = ["b.", "zero doubled is zero for ever"]',
    ],
    "1.7": [
        "def stable_logistic(z): return 0.5 * (1 + np.tanh(0.5 * z))",
        """
        def stable_logistic(z):
            result = np.empty(z.shape)
            up = z >= 0
            result[up] = 1 / (1 + np.exp(-z[up]))
            result[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
            return result
        """,
        "def stable_logistic(z): return np.exp(-np.logaddexp(0, -z))",
        "def stable_logistic(z): return 1 / (1 + np.exp(-np.clip(z, -500, 500)))",
    ],
    "1.8": [
        """
        def log_sum_exp(z):
            return np.logaddexp.reduce(z, axis=1)

        stable_softmax = lt.softmax
        """,
        """
        def log_sum_exp(z):
            m = np.max(z, axis=-1, keepdims=True)
            return (m + np.log(np.sum(np.exp(z - m), axis=-1, keepdims=True)))[:, 0]

        def stable_softmax(z):
            return np.exp(z - log_sum_exp(z)[:, None])
        """,
        """
        def log_sum_exp(z):
            return np.array([max(row) + np.log(sum(np.exp(row - max(row)))) for row in z])

        def stable_softmax(z):
            return np.stack([np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in z])
        """,
    ],
    "1.9": [
        """
        def cross_entropy_gradient(z, k):
            return (lt.softmax(z) - np.eye(z.shape[1])[k]) / len(k)
        """,
        "def cross_entropy_gradient(z, k): return lt.losses.softmax_cross_entropy(z, k)[1]",
        """
        def cross_entropy_gradient(z, k):
            rows = []
            for row, right in zip(z, k):
                p = np.exp(row - row.max())
                p = p / p.sum()
                p[right] = p[right] - 1
                rows.append(p / len(z))
            return np.array(rows)
        """,
    ],
}
