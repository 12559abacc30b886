"""Answers to the exercises of chapter 05."""

NORM = {
    "each array by its own length": """
        def clip_by_norm(dW, dU, db, most):
            clipped = []
            for dv in (dW, dU, db):
                length = np.linalg.norm(dv)
                clipped.append(dv * most / length if length > most else dv)
            return tuple(clipped)
    """,
    "clips by value": """
        def clip_by_norm(dW, dU, db, most):
            return [np.minimum(np.maximum(dv, -most), most) for dv in (dW, dU, db)]
    """,
    "lengthens short gradients": """
        def clip_by_norm(dW, dU, db, most):
            length = np.sqrt((dW**2).sum() + (dU**2).sum() + (db**2).sum())
            if length == 0:
                return dW, dU, db
            return dW * most / length, dU * most / length, db * most / length
    """,
    "no root": """
        def clip_by_norm(dW, dU, db, most):
            length = (dW**2).sum() + (dU**2).sum() + (db**2).sum()
            factor = most / max(length, most)
            return factor * dW, factor * dU, factor * db
    """,
    "adds the three lengths": """
        def clip_by_norm(dW, dU, db, most):
            length = np.linalg.norm(dW) + np.linalg.norm(dU) + np.linalg.norm(db)
            factor = most / max(length, most)
            return factor * dW, factor * dU, factor * db
    """,
    "the largest entry as the length": """
        def clip_by_norm(dW, dU, db, most):
            length = max(np.abs(dW).max(), np.abs(dU).max(), np.abs(db).max())
            factor = most / max(length, most)
            return factor * dW, factor * dU, factor * db
    """,
    "the mean of the squares": """
        def clip_by_norm(dW, dU, db, most):
            every = np.concatenate([dW.ravel(), dU.ravel(), db])
            factor = min(1, most / (np.sqrt(np.mean(every**2)) + 1e-12))
            return factor * dW, factor * dU, factor * db
    """,
    "adds before squaring": """
        def clip_by_norm(dW, dU, db, most):
            length = np.sqrt((dW.sum() + dU.sum() + db.sum()) ** 2)
            factor = most / max(length, most)
            return factor * dW, factor * dU, factor * db
    """,
    "leaves the bias out": """
        def clip_by_norm(dW, dU, db, most):
            length = np.sqrt((dW**2).sum() + (dU**2).sum())
            factor = most / max(length, most)
            return factor * dW, factor * dU, factor * db
    """,
    "the factor upside down": """
        def clip_by_norm(dW, dU, db, most):
            length = np.sqrt((dW**2).sum() + (dU**2).sum() + (db**2).sum())
            factor = length / most if length > most else 1
            return factor * dW, factor * dU, factor * db
    """,
    "shortens to length 1": """
        def clip_by_norm(dW, dU, db, most):
            length = np.sqrt((dW**2).sum() + (dU**2).sum() + (db**2).sum())
            if length > most:
                dW, dU, db = dW / length, dU / length, db / length
            return dW, dU, db
    """,
    "throws long gradients away": """
        def clip_by_norm(dW, dU, db, most):
            length = np.sqrt((dW**2).sum() + (dU**2).sum() + (db**2).sum())
            if length > most:
                return np.zeros_like(dW), np.zeros_like(dU), np.zeros_like(db)
            return dW, dU, db
    """,
    "divides by a length of zero": """
        def clip_by_norm(dW, dU, db, most):
            length = np.sqrt((dW**2).sum() + (dU**2).sum() + (db**2).sum())
            factor = np.minimum(most, length) / length
            return factor * dW, factor * dU, factor * db
    """,
    "writes into its arguments": """
        def clip_by_norm(dW, dU, db, most):
            length = np.sqrt((dW**2).sum() + (dU**2).sum() + (db**2).sum())
            if length > most:
                dW *= most / length
                dU *= most / length
                db *= most / length
            return dW, dU, db
    """,
    "prints instead of returning": """
        def clip_by_norm(dW, dU, db, most):
            print(dW / most)
    """,
}

VALUE = {
    "cuts above only": "def clip_by_value(dv, most): return np.where(dv > most, most, dv)",
    "cuts at zero": "def clip_by_value(dv, most): return np.minimum(np.maximum(dv, 0), most)",
    "loses the signs": "def clip_by_value(dv, most): return np.clip(np.abs(dv), 0, most)",
    "zero in place of the limit": """
        def clip_by_value(dv, most):
            inside = np.abs(dv) <= most
            return dv * inside
    """,
    "clips by norm": """
        def clip_by_value(dv, most):
            length = np.linalg.norm(dv)
            return dv if length <= most else dv / length * most
    """,
    "radians": """
        def angle(a, b):
            cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
            return np.arccos(max(-1, min(1, cosine)))
    """,
    "the cosine, not the angle": """
        def angle(a, b):
            return a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    """,
    "the sine in place of the cosine": """
        def angle(a, b):
            sine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
            return np.arcsin(max(-1, min(1, sine))) * 180 / np.pi
    """,
    "lengths not divided out": """
        def angle(a, b):
            return np.degrees(np.arccos(max(-1.0, min(1.0, a @ b))))
    """,
    "lengths without a root": """
        def angle(a, b):
            cosine = a @ b / (a @ a * (b @ b))
            return np.degrees(np.arccos(max(-1.0, min(1.0, cosine))))
    """,
    "opposite counts as the same": """
        def angle(a, b):
            cosine = np.abs(a @ b) / (np.linalg.norm(a) * np.linalg.norm(b))
            return np.degrees(np.arccos(min(1.0, cosine)))
    """,
    "cuts the cosine above only": """
        def angle(a, b):
            cosine = np.sum(a * b) / np.sqrt(np.sum(a**2) * np.sum(b**2))
            return np.degrees(np.arccos(min(cosine, 1.0)))
    """,
    "leaves the range of arccos": """
        def angle(a, b):
            cosine = np.sum(a * b) / np.sqrt(np.sum(a**2)) / np.sqrt(np.sum(b**2))
            return np.degrees(np.arccos(cosine))
    """,
}

CLIFF = {
    "not above zero": "def settings(): return -0.5, 0.7",
    "the limit is too high": "def settings(): return 0.7, 100.0",
    "the steps are too long": "def settings(): return 5.0, 1.0",
    "the steps are too short": "def settings(): return 0.5, 0.01",
    "the rate is too small": "def settings(): return 0.1, 1.0",
}

VANISHED = {
    "A: clipping makes room": 'def prediction(): return "A", "there is room for it now"',
    "B: only the long part is cut": 'def prediction(): return "b", "only the large one is cut"',
    "D: nothing happens": 'def prediction(): return "D)", "nothing has exploded here yet"',
    "E: both parts get the length of the limit": 'def prediction(): return ("E", "all set to it")',
    "no reason given": 'def prediction(): return "C", ""',
}

ADAM = {
    "no corrections": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * dv * dv
            return v - rate * m / (np.sqrt(s) + 1e-8), m, s
    """,
    "corrects the mean only": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * dv * dv
            return v - rate * m / (1 - 0.9**n) / (np.sqrt(s) + 1e-8), m, s
    """,
    "corrects the square only": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * dv * dv
            return v - rate * m / (np.sqrt(s / (1 - 0.999**n)) + 1e-8), m, s
    """,
    "counts the steps from zero": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * dv**2
            up = m / np.float64(1 - 0.9 ** (n - 1))
            down = np.sqrt(s / np.float64(1 - 0.999 ** (n - 1))) + 1e-8
            return v - rate * up / down, m, s
    """,
    "one step too many": """
        def adam_step(v, dv, m, s, n, rate):
            n = n + 1
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * dv**2
            return v - rate * m / (1 - 0.9**n) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8), m, s
    """,
    "beta times n": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * dv**2
            return v - rate * m / (1 - 0.9 * n) / (np.sqrt(s / (1 - 0.999 * n)) + 1e-8), m, s
    """,
    "the corrected means are carried on": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + (1 - 0.9) * dv
            s = 0.999 * s + (1 - 0.999) * dv**2
            m = m / (1 - 0.9**n)
            s = s / (1 - 0.999**n)
            return v - rate * m / (np.sqrt(s) + 1e-8), m, s
    """,
    "beta1 and beta2 exchanged": """
        def adam_step(v, dv, m, s, n, rate, beta1=0.999, beta2=0.9):
            m = beta1 * m + (1 - beta1) * dv
            s = beta2 * s + (1 - beta2) * dv**2
            return v - rate * m / (1 - beta1**n) / (np.sqrt(s / (1 - beta2**n)) + 1e-8), m, s
    """,
    "uses the means of the step before": """
        def adam_step(v, dv, m, s, n, rate):
            v = v - rate * m / (1 - 0.9**n) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8)
            return v, 0.9 * m + 0.1 * dv, 0.999 * s + 0.001 * dv**2
    """,
    "hands back the old means": """
        def adam_step(v, dv, m, s, n, rate):
            new_m = 0.9 * m + 0.1 * dv
            new_s = 0.999 * s + 0.001 * dv**2
            return v - rate * new_m / (1 - 0.9**n) / (np.sqrt(new_s / (1 - 0.999**n)) + 1e-8), m, s
    """,
    "squares the mean": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * m**2
            return v - rate * m / (1 - 0.9**n) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8), m, s
    """,
    "dv is not squared": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * abs(dv)
            return v - rate * m / (1 - 0.9**n) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8), m, s
    """,
    "no root of s": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * dv**2
            return v - rate * m / (1 - 0.9**n) / (s / (1 - 0.999**n) + 1e-8), m, s
    """,
    "epsilon inside the root": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * dv**2
            return v - rate * m / (1 - 0.9**n) / np.sqrt(s / (1 - 0.999**n) + 1e-8), m, s
    """,
    "up the slope": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + 0.1 * dv
            s = 0.999 * s + 0.001 * dv**2
            return v + rate * m / (1 - 0.9**n) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8), m, s
    """,
    "sums in place of means": """
        def adam_step(v, dv, m, s, n, rate):
            m = 0.9 * m + dv
            s = 0.999 * s + dv**2
            return v - rate * m / (1 - 0.9**n) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8), m, s
    """,
    "writes into its arguments": """
        def adam_step(v, dv, m, s, n, rate):
            m *= 0.9
            m += 0.1 * dv
            s *= 0.999
            s += 0.001 * dv**2
            return v - rate * m / (1 - 0.9**n) / (np.sqrt(s / (1 - 0.999**n)) + 1e-8), m, s
    """,
}

START = {
    "forward in place of back": """
        def gradient_left(U, dh, lag):
            left = dh @ np.linalg.matrix_power(U, lag)
            return np.linalg.norm(left) / np.linalg.norm(dh)
    """,
    "one step too few": """
        def gradient_left(U, dh, lag):
            left = dh
            for _ in range(1, lag):
                left = left @ U.T
            return np.linalg.norm(left) / np.linalg.norm(dh)
    """,
    "one step too many": """
        def gradient_left(U, dh, lag):
            left = dh
            for _ in range(lag + 1):
                left = U @ left
            return np.linalg.norm(left) / np.linalg.norm(dh)
    """,
    "the length, not the share": """
        def gradient_left(U, dh, lag):
            return np.linalg.norm(np.linalg.matrix_power(U, lag) @ dh)
    """,
    "the share upside down": """
        def gradient_left(U, dh, lag):
            return np.linalg.norm(dh) / np.linalg.norm(np.linalg.matrix_power(U, lag) @ dh)
    """,
    "the power of each entry": """
        def gradient_left(U, dh, lag):
            return np.linalg.norm(dh @ (U**lag).T) / np.linalg.norm(dh)
    """,
    "the spectral radius": "def gradient_left(U, dh, lag): return lt.spectral_radius(U) ** lag",
    "the largest singular value": """
        def gradient_left(U, dh, lag):
            return lt.largest_singular_value(U) ** lag
    """,
    "does not end": """
        def gradient_left(U, dh, lag):
            left = dh
            while lag >= 0:
                left = left @ U.T
            return np.linalg.norm(left)
    """,
    "A: all starts are alike": 'def conclusion(): return "A", "a gradient is never lost entirely"',
    "B: only the rotation": 'def conclusion(): return "B", "only rotations keep the length"',
    "D: nine tenths is nearly one": 'def conclusion(): return "D", "these three are near one"',
    "E: no plain chain can do it": 'def conclusion(): return "E", "plain chains always forget it"',
    "no reason given": 'def conclusion(): return "C"',
}

STATE = {
    "reads nothing": "def leaks(new_reader): return True",
    "every reader reads once": """
        def leaks(new_reader):
            x = np.random.normal(size=(5, 3))
            return not np.allclose(new_reader()(x), new_reader()(x))
    """,
    "compares different sequences": """
        def leaks(new_reader):
            read = new_reader()
            x, y = np.random.normal(size=(2, 5, 3))
            return not np.allclose(read(x), read(y))
    """,
    "takes a drop for a leak": """
        def leaks(new_reader):
            read = new_reader()
            x = np.random.normal(size=(5, 3))
            return not np.allclose(read(x), read(x, [2]))
    """,
    "leaks: True and False exchanged": """
        def leaks(new_reader):
            read = new_reader()
            x = np.random.normal(size=(5, 3))
            return np.allclose(read(x), read(x))
    """,
    "leaks: equal to the last bit": """
        def leaks(new_reader):
            read = new_reader()
            x = np.random.normal(size=(5, 3))
            return bool((read(x) != read(x)).any())
    """,
    "drops: reads nothing": "def drops(new_reader): return False",
    "never cuts": """
        def drops(new_reader):
            x = np.random.normal(size=(5, 3))
            return not np.allclose(new_reader()(x), new_reader()(x))
    """,
    "cuts every time alike": """
        def drops(new_reader):
            x = np.random.normal(size=(5, 3))
            return not np.allclose(new_reader()(x, [2]), new_reader()(x, [2]))
    """,
    "drops: compares different sequences": """
        def drops(new_reader):
            x, y = np.random.normal(size=(2, 5, 3))
            return not np.allclose(new_reader()(x), new_reader()(y, [2]))
    """,
    "takes a leak for a drop": """
        def drops(new_reader):
            read = new_reader()
            x = np.random.normal(size=(5, 3))
            return not np.allclose(read(x), read(x, [2]))
    """,
    "looks where nothing can differ": """
        def drops(new_reader):
            x = np.random.normal(size=(5, 3))
            return not np.allclose(new_reader()(x)[:2], new_reader()(x, [2])[:2])
    """,
    "drops: True and False exchanged": """
        def drops(new_reader):
            x = np.random.normal(size=(5, 3))
            return np.allclose(new_reader()(x), new_reader()(x, [2]))
    """,
    "drops: equal to the last bit": """
        def drops(new_reader):
            x = np.random.normal(size=(5, 3))
            return bool((new_reader()(x) != new_reader()(x, [2])).any())
    """,
    "prints instead of returning": """
        def drops(new_reader):
            print(new_reader()(np.zeros((5, 3)), [2]))
    """,
}

WRONG = {
    "5.1": NORM,
    "5.2": VALUE,
    "5.3": CLIFF,
    "5.4": VANISHED,
    "5.5": ADAM,
    "5.6": START,
    "5.7": STATE,
}

RIGHT = {
    "5.1": [
        """
        def clip_by_norm(dW, dU, db, most):
            clipped, _ = lt.optim.clip_by_norm((dW, dU, db), most)
            return clipped
        """,
        """
        def clip_by_norm(dW, dU, db, most):
            every = np.concatenate([dW.ravel(), dU.ravel(), db.ravel()])
            factor = most / max(most, np.linalg.norm(every))
            return [dv * factor for dv in (dW, dU, db)]
        """,
        """
        import math

        def clip_by_norm(dW, dU, db, most):
            total = 0.0
            for dv in (dW, dU, db):
                for entry in dv.flat:
                    total += entry * entry
            if math.sqrt(total) <= most:
                return dW.copy(), dU.copy(), db.copy()
            return tuple(dv / math.sqrt(total) * most for dv in (dW, dU, db))
        """,
    ],
    "5.2": [
        """
        def clip_by_value(dv, most):
            return np.minimum(np.maximum(dv, -most), most)

        def angle(a, b):
            cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
            return np.rad2deg(np.arccos(min(1.0, max(-1.0, cosine))))
        """,
        """
        import math

        def clip_by_value(dv, most):
            return lt.optim.clip_by_value(dv, most)

        def angle(a, b):
            a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
            return 2 * math.degrees(math.atan2(np.linalg.norm(a - b), np.linalg.norm(a + b)))
        """,
        """
        def clip_by_value(dv, most):
            return np.array([np.sign(d) * min(abs(d), most) for d in dv])

        def angle(a, b):
            a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
            return np.degrees(2 * np.arcsin(min(1, np.linalg.norm(a - b) / 2)))
        """,
    ],
    "5.3": [
        "def settings(): return 1, 1",
        "settings = (0.7, 0.3)",
        "def settings(): return np.array([0.8, 0.9])",
    ],
    "5.4": [
        'def prediction(): return "C", "one factor for both of them"',
        'prediction = ["c.", "the ratio of the two cannot change"]',
    ],
    "5.5": [
        """
        def adam_step(v, dv, m, s, n, rate):
            adam = lt.optim.Adam(rate)
            memory = lt.optim.AdamMemory(mean=m, square=s, n=np.array(n - 1))
            v, memory = adam(v, dv, memory)
            return v, memory.mean, memory.square
        """,
        """
        def adam_step(v, dv, m, s, n, rate):
            m = m + (1 - 0.9) * (dv - m)
            s = s + (1 - 0.999) * (dv * dv - s)
            mean, square = m / (1 - pow(0.9, n)), s / (1 - pow(0.999, n))
            return v - rate * mean / (square**0.5 + 1e-8), m, s
        """,
        """
        def adam_step(v, dv, m, s, n, rate):
            out = np.empty((3, len(v)))
            for k in range(len(v)):
                out[1, k] = 0.9 * m[k] + 0.1 * dv[k]
                out[2, k] = 0.999 * s[k] + 0.001 * dv[k] ** 2
                mean, square = out[1, k] / (1 - 0.9**n), out[2, k] / (1 - 0.999**n)
                out[0, k] = v[k] - rate * mean / (np.sqrt(square) + 1e-8)
            return list(out)
        """,
    ],
    "5.6": [
        """
        def gradient_left(U, dh, lag):
            back = np.linalg.matrix_power(U, lag) @ dh
            return np.linalg.norm(back) / np.linalg.norm(dh)

        def conclusion():
            return "C", "only these two keep every length"
        """,
        """
        def gradient_left(U, dh, lag):
            if lag == 0:
                return 1
            back = U @ dh
            return gradient_left(U, back, lag - 1) * np.sqrt(back @ back / (dh @ dh))

        conclusion = ("c", "measured: they stay at one")
        """,
    ],
    "5.7": [
        """
        def leaks(new_reader):
            used, fresh = new_reader(), new_reader()
            x, y = np.random.normal(size=(2, 4, 3))
            used(y)
            return bool(np.abs(used(x) - fresh(x)).max() > 1e-6)

        def drops(new_reader):
            x = np.random.normal(size=(8, 3))
            pieces = new_reader()(x, range(1, 8))
            return np.bool_(not np.allclose(pieces[-1], new_reader()(x)[-1]))
        """,
        """
        def leaks(new_reader):
            read = new_reader()
            x = np.ones((3, 3))
            outputs = [read(x) for _ in range(3)]
            return not (np.allclose(outputs[0], outputs[1]) and np.allclose(outputs[0], outputs[2]))

        def drops(new_reader):
            x = np.random.default_rng(1).uniform(-1, 1, (5, 3))
            whole = new_reader()(x, [])
            return any(not np.allclose(whole, new_reader()(x, cut)) for cut in range(1, 5))
        """,
    ],
}
