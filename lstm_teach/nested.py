"""Arrays inside NamedTuples, tuples, lists and dictionaries: one function over all of them.

The weights of a network, their gradients and what an optimiser remembers of them have one
and the same structure. So what is said for one array (`v - rate * dv`) can be said for all.
"""


def each(f, *nested):
    """Apply f to the arrays that stand at the same place in equal structures.

        each(lambda v, dv: v - 0.1 * dv, params, grads)        one step of gradient descent

    nested: NamedTuples, tuples, lists, dictionaries and arrays, to any depth, all of the first
    one's structure.
    Returns that structure, filled with what f returned. Raises ValueError where two
    structures differ.
    """
    first = nested[0]
    if not isinstance(first, (tuple, list, dict)):
        return f(*nested)
    for other in nested[1:]:
        if not isinstance(other, (tuple, list, dict)) or len(other) != len(first):
            raise ValueError(
                f"{_kind(first)} meets {_kind(other)}; expected the same structure on both "
                "sides, such as params and the gradients made from them."
            )
    if isinstance(first, dict):
        return {place: each(f, *(part[place] for part in nested)) for place in first}
    parts = [each(f, *parts) for parts in zip(*nested, strict=True)]
    return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)


def named(nested, name=""):
    """Every array with the name of its place: {"chains.0.W": array, ...}, in order."""
    if not isinstance(nested, (tuple, list, dict)):
        return {name: nested}
    if isinstance(nested, dict):
        places, nested = list(nested), list(nested.values())
    else:
        places = getattr(nested, "_fields", range(len(nested)))
    found = {}
    for place, part in zip(places, nested, strict=True):
        found |= named(part, f"{name}.{place}" if name else str(place))
    return found


def filled(like, found):
    """The structure of `like`, filled with the arrays of {name: array}: `named`, backwards."""
    names = iter(named(like))
    return each(lambda _: found[next(names)], like)


def arrays(nested):
    """Every array, in order, as a list."""
    return list(named(nested).values())


def _kind(value):
    if isinstance(value, (tuple, list, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"
