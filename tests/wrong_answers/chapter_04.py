"""Answers to the exercises of chapter 04."""

JACOBIAN = {
    "U not transposed": """
        def step_jacobian(h, U):
            slope = 1 - h * h
            return slope[:, None] * U
    """,
    "slopes on the columns": """
        def step_jacobian(h, U):
            return (1 - h * h) * U.T
    """,
    "rows and columns exchanged": """
        def step_jacobian(h, U):
            return U @ np.diag(1 - h * h)
    """,
    "squashes h once more": """
        def step_jacobian(h, U):
            return (1 - np.tanh(h) ** 2)[:, None] * U.T
    """,
    "the slope of the logistic function": """
        def step_jacobian(h, U):
            return np.diag(lt.logistic_slope(h)) @ U.T
    """,
    "forgot the slope": "def step_jacobian(h, U): return np.array(U.T)",
    "forgot the square": "def step_jacobian(h, U): return (1 - h)[:, None] * U.T",
    "the factors in the wrong order": """
        def chain_jacobian(h, U):
            J = np.eye(len(U))
            for h_t in h:
                J = J @ step_jacobian(h_t, U)
            return J
    """,
    "multiplies entry by entry": """
        def chain_jacobian(h, U):
            J = 1.0
            for h_t in h:
                J = J * step_jacobian(h_t, U)
            return J
    """,
    "adds the steps": """
        def chain_jacobian(h, U):
            J = np.zeros((len(U), len(U)))
            for h_t in h:
                J = J + step_jacobian(h_t, U)
            return J
    """,
    "only one step": """
        def chain_jacobian(h, U):
            for h_t in h:
                J = step_jacobian(h_t, U)
            return J
    """,
    "a step is missing": """
        def chain_jacobian(h, U):
            J = np.eye(len(U))
            for t in range(1, len(h)):
                J = step_jacobian(h[t], U) @ J
            return J
    """,
    "the same factor at every step": """
        def chain_jacobian(h, U):
            J = step_jacobian(h[-1], U)
            return np.linalg.matrix_power(J, len(h))
    """,
    "writes into its arguments": """
        def step_jacobian(h, U):
            U *= 1 - h**2
            return U.T
    """,
    "arguments in another order": "def step_jacobian(U, h): return np.diag(1 - h**2) @ U.T",
    "returns nothing": "def step_jacobian(h, U): J = np.diag(1 - h**2) @ U.T",
}

BOUND = {
    "the spectral radius in place of the singular value": """
        def bound(U, slope, lag):
            return (slope * lt.spectral_radius(U)) ** lag
    """,
    "the Frobenius norm": "def bound(U, slope, lag): return (slope * np.linalg.norm(U)) ** lag",
    "the largest entry": "def bound(U, slope, lag): return (slope * abs(U).max()) ** lag",
    "the largest row sum": """
        def bound(U, slope, lag):
            return (slope * abs(U).sum(axis=1).max()) ** lag
    """,
    "the smallest singular value": """
        def bound(U, slope, lag):
            return (slope * np.linalg.svd(U, compute_uv=False).min()) ** lag
    """,
    "the slope only once": "def bound(U, slope, lag): return slope * np.linalg.norm(U, 2) ** lag",
    "no slope": "def bound(U, slope, lag): return np.linalg.norm(U, 2) ** lag",
    "times the lag": "def bound(U, slope, lag): return slope * np.linalg.norm(U, 2) * lag",
    "one step too many or too few": """
        def bound(U, slope, lag):
            most = slope * np.linalg.norm(U, 2)
            for _ in range(lag):
                most = most * slope * np.linalg.norm(U, 2)
            return most
    """,
    "judges by the spectral radius": """
        def must_vanish(U, slope):
            return bool(slope * max(abs(np.linalg.eigvals(U))) < 1)
    """,
    "forgets the slope": "def must_vanish(U, slope): return np.linalg.norm(U, 2) < 1",
    "says when it may explode": """
        def must_vanish(U, slope):
            return bound(U, slope, 1) > 1
    """,
    "judges by the Frobenius norm": """
        def must_vanish(U, slope):
            return slope * np.sqrt((U * U).sum()) < 1
    """,
    "judges by the largest entry": "def must_vanish(U, slope): return slope * abs(U).max() < 1",
    "prints instead of returning": """
        def bound(U, slope, lag):
            print((slope * np.linalg.norm(U, 2)) ** lag)
    """,
    "does not end": """
        def bound(U, slope, lag):
            most = 1.0
            while lag > 0:
                most *= slope * np.linalg.norm(U, 2)
            return most
    """,
}

SHRINK = {
    "the singular value is too small": "def shrinking_matrix(): return np.diag([0.9, 0.5])",
    "a symmetric matrix": "def shrinking_matrix(): return np.array([[0.5, 2.0], [2.0, 0.5]])",
    "a rotation with a factor": "def shrinking_matrix(): return [[0, -2], [2, 0]]",
    "its eigenvalues explode": "def shrinking_matrix(): return np.array([[1.1, 2.0], [0.0, 0.3]])",
    "dies out too slowly": "def shrinking_matrix(): return np.array([[0.95, 5.0], [0.0, 0.95]])",
    "u is below 1.5": "def shrinking_unit(): return 0.5, 0.0",
    "b = 0: the unit stays where tanh is steep": "def shrinking_unit(): return 2.0, 0.0",
    "b is too small": "def shrinking_unit(): return 1.5, 1e-9",
    "prints instead of returning": "def shrinking_unit(): print(2.0, 1.0)",
}

HUMP = {
    "the spectral radius is too large": "def hump(): return np.array([[1.1, 5.0], [0.0, 0.5]])",
    "it never grows": "def hump(): return 0.9 * np.eye(3)",
    "the hump is too low": "def hump(): return np.array([[0.8, 1.0], [0.0, 0.8]])",
    "the peak comes too early": "def hump(): return np.array([[0.3, 50.0], [0.0, 0.3]])",
    "not gone at lag 300": "def hump(): return np.array([[0.95, 900.0], [0.0, 0.95]])",
    "powers entry by entry": """
        def peak(U, lags):
            return int(np.argmax([np.linalg.norm(U**k, 2) for k in range(lags + 1)]))
    """,
    "looks at eigenvalues": """
        def peak(U, lags):
            sizes, power = [], np.eye(len(U))
            for _ in range(lags + 1):
                sizes.append(lt.spectral_radius(power))
                power = power @ U
            return int(np.argmax(sizes))
    """,
    "another size": """
        def peak(U, lags):
            power, sizes = np.eye(len(U)), []
            for _ in range(lags + 1):
                sizes.append(np.linalg.norm(power))
                power = power @ U
            return int(np.argmax(sizes))
    """,
    "a power of the norm": """
        def peak(U, lags):
            sigma = np.linalg.norm(U, 2)
            return int(np.argmax(sigma ** np.arange(lags + 1)))
    """,
    "counts from the wrong place": """
        def peak(U, lags):
            power, sizes = U, []
            for _ in range(lags):
                sizes.append(np.linalg.norm(power, 2))
                power = power @ U
            return int(np.argmax(sizes))
    """,
    "the last lag is missing": """
        def peak(U, lags):
            matrix_power = np.linalg.matrix_power
            return np.argmax([np.linalg.norm(matrix_power(U, k), 2) for k in range(lags)])
    """,
    "the lowest point": """
        def peak(U, lags):
            matrix_power = np.linalg.matrix_power
            return np.argmin([np.linalg.norm(matrix_power(U, k), 2) for k in range(lags + 1)])
    """,
    "how high, not where": """
        def peak(U, lags):
            matrix_power = np.linalg.matrix_power
            return max(np.linalg.norm(matrix_power(U, k), 2) for k in range(lags + 1))
    """,
    "does not end": """
        def hump():
            U = np.array([[0.9, 1.0], [0.0, 0.9]])
            while lt.spectral_radius(U) < 1:
                U = U + np.array([[0.0, 1.0], [0.0, 0.0]])
            return U
    """,
}

KEEPS = {
    "no signs": "def orthogonal(normal): return np.linalg.qr(normal)[0]",
    "signs on the rows": """
        def orthogonal(normal):
            Q, R = np.linalg.qr(normal)
            return np.sign(np.diag(R))[:, None] * Q
    """,
    "R in place of Q": """
        def orthogonal(normal):
            R, Q = np.linalg.qr(normal)
            return Q
    """,
    "times the diagonal, not its signs": """
        def orthogonal(normal):
            Q, R = np.linalg.qr(normal)
            return Q @ np.diag(np.diag(R))
    """,
    "scaled, not orthogonal": "def orthogonal(normal): return normal / np.linalg.norm(normal, 2)",
    "columns of length 1, not at right angles": """
        def orthogonal(normal):
            return normal / np.sqrt((normal * normal).sum(axis=0))
    """,
    "the factor of another decomposition": """
        def orthogonal(normal):
            left, sizes, right = np.linalg.svd(normal)
            return left @ right
    """,
    "leaves tanh out": """
        def lengths_back(h, U, dh):
            lengths = [np.linalg.norm(dh)]
            for _ in h:
                dh = dh @ U.T
                lengths.append(np.linalg.norm(dh))
            return np.array(lengths)
    """,
    "U before the slope": """
        def lengths_back(h, U, dh):
            lengths = [np.linalg.norm(dh)]
            for h_t in reversed(h):
                dh = dh @ U.T * (1 - h_t * h_t)
                lengths.append(np.linalg.norm(dh))
            return np.array(lengths)
    """,
    "U not transposed on the way back": """
        def lengths_back(h, U, dh):
            lengths = [np.linalg.norm(dh)]
            for h_t in reversed(h):
                dh = (dh * (1 - h_t * h_t)) @ U
                lengths.append(np.linalg.norm(dh))
            return np.array(lengths)
    """,
    "walks forward in time": """
        def lengths_back(h, U, dh):
            lengths = [np.linalg.norm(dh)]
            for h_t in h:
                dh = (dh * (1 - h_t * h_t)) @ U.T
                lengths.append(np.linalg.norm(dh))
            return np.array(lengths)
    """,
    "oldest first": """
        def lengths_back(h, U, dh):
            lengths = np.zeros(len(h) + 1)
            lengths[-1] = np.linalg.norm(dh)
            for t in reversed(range(len(h))):
                dh = (dh * (1 - h[t] ** 2)) @ U.T
                lengths[t] = np.linalg.norm(dh)
            return lengths
    """,
    "one length is missing": """
        def lengths_back(h, U, dh):
            lengths = []
            for h_t in reversed(h):
                dh = (dh * (1 - h_t * h_t)) @ U.T
                lengths.append(np.linalg.norm(dh))
            return np.array(lengths)
    """,
    "squared lengths": """
        def lengths_back(h, U, dh):
            lengths = [dh @ dh]
            for h_t in reversed(h):
                dh = (dh * (1 - h_t * h_t)) @ U.T
                lengths.append(dh @ dh)
            return np.array(lengths)
    """,
    "squashes h again": """
        def lengths_back(h, U, dh):
            lengths = [np.linalg.norm(dh)]
            for h_t in reversed(h):
                dh = (dh * lt.tanh_slope(np.tanh(h_t))) @ U.T
                lengths.append(np.linalg.norm(dh))
            return np.array(lengths)
    """,
    "writes into its arguments": """
        def lengths_back(h, U, dh):
            lengths = [np.linalg.norm(dh)]
            for h_t in reversed(h):
                dh *= 1 - h_t * h_t
                dh = dh @ U.T
                lengths.append(np.linalg.norm(dh))
            return np.array(lengths)
    """,
}

DEAF = {
    "oldest first": """
        def shares_of_U(h, dz):
            return np.stack([h[t].T @ dz[t] for t in range(len(dz))])
    """,
    "the state after the step": """
        def shares_of_U(h, dz):
            return np.einsum("tbm,tbn->tmn", h[1:], dz)[::-1]
    """,
    "transposed": """
        def shares_of_U(h, dz):
            return np.stack([dz[t].T @ h[t] for t in range(len(dz))])[::-1]
    """,
    "the mean over the batch": """
        def shares_of_U(h, dz):
            return (h[:-1, :, :, None] * dz[:, :, None, :]).mean(axis=1)[::-1]
    """,
    "returns the sum": """
        def shares_of_U(h, dz):
            return sum(h[t].T @ dz[t] for t in range(len(dz)))
    """,
    "one share, not all that lie beyond": """
        def deaf_from(shares):
            limit = np.finfo("f4").eps * np.linalg.norm(shares.sum(axis=0))
            for k, share in enumerate(shares):
                if np.linalg.norm(share) < limit:
                    return k
            return len(shares)
    """,
    "compares with eps itself": """
        def deaf_from(shares):
            for k in range(len(shares)):
                if np.linalg.norm(shares[k:].sum(axis=0)) < np.finfo(np.float32).eps:
                    return k
            return len(shares)
    """,
    "the eps of float64": """
        def deaf_from(shares):
            limit = np.finfo(shares.dtype).eps * np.linalg.norm(shares.sum(axis=0))
            for k in range(len(shares)):
                if np.linalg.norm(shares[k:].sum(axis=0)) < limit:
                    return k
            return len(shares)
    """,
    "waits for an underflow": """
        def deaf_from(shares):
            for k in range(len(shares)):
                if np.linalg.norm(shares[k:].sum(axis=0)) < np.finfo(np.float32).tiny:
                    return k
            return len(shares)
    """,
    "adds lengths": """
        def deaf_from(shares):
            lengths = np.linalg.norm(shares, axis=(1, 2))
            for k in range(len(shares)):
                if lengths[k:].sum() < np.finfo(np.float32).eps * lengths.sum():
                    return k
            return len(shares)
    """,
    "another size": """
        def deaf_from(shares):
            limit = np.finfo(np.float32).eps * np.abs(shares.sum(axis=0)).max()
            for k in range(len(shares)):
                if np.abs(shares[k:].sum(axis=0)).max() < limit:
                    return k
            return len(shares)
    """,
    "compares with the nearest share": """
        def deaf_from(shares):
            limit = np.finfo(np.float32).eps * np.linalg.norm(shares[0])
            for k in range(len(shares)):
                if np.linalg.norm(shares[k:].sum(axis=0)) < limit:
                    return k
            return len(shares)
    """,
    "one lag early": """
        def deaf_from(shares):
            limit = np.finfo(np.float32).eps * np.linalg.norm(shares.sum(axis=0))
            for k in range(len(shares)):
                if np.linalg.norm(shares[k:].sum(axis=0)) < limit:
                    return k - 1
            return len(shares) - 1
    """,
    "returns nothing": """
        def deaf_from(shares):
            limit = np.finfo(np.float32).eps * np.linalg.norm(shares.sum(axis=0))
            np.argmax([np.linalg.norm(s) < limit for s in shares])
    """,
}

EXPLAIN = {
    "A: a large gradient cannot have vanished": """
        def verdict():
            return "A", "A length of 0.3 is far from zero, so nothing has vanished."
    """,
    "B: a higher learning rate makes up for it": """
        def verdict():
            return "b", "The far part is small, so it needs larger steps."
    """,
    "C: clipping helps": """
        def verdict():
            return "C.", "Clipping keeps gradients at a useful length."
    """,
    "E: float64 brings it back": """
        def verdict():
            return "E", "It got lost in rounding, more digits keep it."
    """,
    "no reason given": 'def verdict(): return "D", "see above"',
}

WRONG = {
    "4.1": JACOBIAN,
    "4.2": BOUND,
    "4.3": SHRINK,
    "4.4": HUMP,
    "4.5": KEEPS,
    "4.6": DEAF,
    "4.7": EXPLAIN,
}

RIGHT = {
    "4.1": [
        """
        def step_jacobian(h, U):
            return (1 - h * h)[:, None] * U.T

        def chain_jacobian(h, U):
            return np.linalg.multi_dot([*(step_jacobian(v, U) for v in h[::-1]), np.eye(len(U))])
        """,
        """
        def step_jacobian(h, U):
            H = len(h)
            J = np.zeros((H, H))
            for n in range(H):
                for m in range(H):
                    J[n, m] = (1 - h[n] ** 2) * U[m, n]
            return J

        def chain_jacobian(h, U):
            J = step_jacobian(h[-1], U)
            for t in range(len(h) - 2, -1, -1):
                J = J @ step_jacobian(h[t], U)
            return J
        """,
        """
        def step_jacobian(state, weights):
            return (weights * (1 - state**2)).T

        def chain_jacobian(h, U):
            T, H = h.shape
            rows = np.eye(H)
            for h_t in h[::-1]:
                rows = (rows * (1 - h_t**2)) @ U.T
            return rows
        """,
    ],
    "4.2": [
        """
        def bound(U, slope, lag):
            return (slope * np.linalg.norm(U, 2)) ** lag

        def must_vanish(U, slope):
            return bound(U, slope, 1) < 1
        """,
        """
        def bound(U, slope, lag):
            most = np.sqrt(np.linalg.eigvalsh(U.T @ U)[-1])
            return np.prod([slope * most] * lag)

        def must_vanish(U, slope):
            return bool((np.linalg.eigvalsh(U @ U.T) < 1 / slope**2).all())
        """,
        """
        def bound(U, slope, lag):
            return np.exp(lag * np.log(slope * lt.largest_singular_value(U)))

        def must_vanish(U, slope):
            return bound(U, slope, 50) < bound(U, slope, 1)
        """,
    ],
    "4.3": [
        """
        def shrinking_matrix():
            return [[0, 2], [0, 0]]

        shrinking_unit = (3, -2)
        """,
        """
        def shrinking_matrix():
            U = np.zeros((4, 4))
            for n in range(3):
                U[n, n + 1] = 5.0
            return U

        def shrinking_unit():
            return np.array([1.5, 0.5])
        """,
        """
        shrinking_matrix = np.array([[0.1, 0.0, 0.0], [7.0, -0.2, 0.0], [1.0, 9.0, 0.3]])

        def shrinking_unit():
            return [10, 10]
        """,
    ],
    "4.4": [
        """
        def hump():
            return 0.5 * np.eye(8) + 2.0 * np.eye(8, k=1)

        def peak(U, lags):
            norms = [np.linalg.norm(np.linalg.matrix_power(U, k), ord=2) for k in range(lags + 1)]
            return norms.index(max(norms))
        """,
        """
        def hump():
            return [[0.9, 0, 0], [3, 0.9, 0], [0, 3, 0.9]]

        def peak(U, lags):
            best, where, power = 1.0, 0, np.eye(len(U))
            for k in range(1, lags + 1):
                power = U @ power
                size = np.linalg.svd(power)[1][0]
                if size > best:
                    best, where = size, k
            return where
        """,
        """
        hump = np.array([[0.95, 4.0], [0.0, 0.9]])

        def peak(U, lags):
            sizes = lt.largest_singular_value(
                np.array([np.linalg.matrix_power(U.T, k) for k in range(lags + 1)])
            )
            return np.argmax(sizes)
        """,
    ],
    "4.5": [
        """
        def orthogonal(normal):
            Q, R = np.linalg.qr(normal)
            return Q @ np.diag(np.where(np.diag(R) < 0, -1.0, 1.0))

        def lengths_back(h, U, dh):
            found = [dh]
            for h_t in h[::-1]:
                found.append((found[-1] * lt.tanh_slope(h_t)) @ U.T)
            return np.linalg.norm(np.stack(found), axis=1)
        """,
        """
        def orthogonal(normal):
            H = len(normal)
            Q = np.zeros((H, H))
            for n in range(H):
                v = normal[:, n].copy()
                for _ in range(2):
                    v = v - Q @ (Q.T @ v)
                Q[:, n] = v / np.sqrt(v @ v)
            return Q

        def lengths_back(h, U, dh):
            T = len(h)
            lengths = np.zeros(T + 1)
            for k in range(T + 1):
                lengths[k] = np.sqrt((dh**2).sum())
                if k < T:
                    dh = U @ (dh * (1 - h[T - 1 - k] ** 2))
            return lengths
        """,
        """
        def orthogonal(A):
            R = np.linalg.cholesky(A.T @ A).T
            return A @ np.linalg.inv(R)

        def lengths_back(h, U, dh):
            J, lengths = np.eye(len(U)), [np.linalg.norm(dh)]
            for h_t in h[::-1]:
                J = J @ np.diag(1 - h_t**2) @ U.T
                lengths.append(np.linalg.norm(dh @ J))
            return np.array(lengths)
        """,
    ],
    "4.6": [
        """
        def shares_of_U(h, dz):
            return np.einsum("tbm,tbn->tmn", h[:-1], dz)[::-1]

        def deaf_from(shares):
            limit = 2.0**-23 * np.linalg.norm(shares.sum(axis=0))
            rest = shares.sum(axis=0)
            for k in range(len(shares)):
                if np.linalg.norm(shares[k:].sum(axis=0)) < limit:
                    return k
            return len(shares)
        """,
        """
        def shares_of_U(h, dz):
            T, B, H = dz.shape
            shares = np.zeros((T, H, H))
            for k in range(T):
                for n in range(B):
                    shares[k] += np.outer(h[T - 1 - k, n], dz[T - 1 - k, n])
            return shares

        def deaf_from(shares):
            far = np.cumsum(shares[::-1], axis=0)[::-1]
            lengths = np.sqrt((far**2).sum(axis=(1, 2)))
            lost = lengths < np.finfo(np.float32).eps * lengths[0]
            return int(np.argmax(lost)) if lost.any() else len(shares)
        """,
        """
        def shares_of_U(h, dz):
            return (np.swapaxes(h[:-1], 1, 2) @ dz)[::-1]

        def deaf_from(shares):
            total = np.linalg.norm(shares.sum(axis=0))
            k = 0
            while k < len(shares):
                if np.linalg.norm(sum(shares[k:])) < total * float(np.finfo("float32").eps):
                    break
                k += 1
            return np.int64(k)
        """,
    ],
    "4.7": [
        'def verdict(): return "D", "The near steps alone can make the sum that long."',
        'def verdict(): return ["d)", "It is a sum; its far part may be tiny. Measure by lag."]',
        'verdict = ("D", "The length of a sum says nothing about its smallest summands.")',
    ],
}
