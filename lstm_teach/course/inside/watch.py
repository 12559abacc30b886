"""What a student's code has changed in its kernel: what a check by eye would rest on.

Whoever forges can forge this too. It is there to show a person the plain cases.
"""

import builtins
import sys
import threading

import numpy as np
import numpy.testing

WATCHED = {
    "builtins": (
        builtins,
        "abs all any bool float getattr hasattr id int isinstance len max min open print range "
        "repr round sorted sum type __import__ __build_class__ AssertionError Exception",
    ),
    "numpy": (
        np,
        "abs all allclose any array array_equal asarray isclose isfinite isnan max min ndarray "
        "random testing",
    ),
    "numpy.testing": (
        numpy.testing,
        "assert_allclose assert_array_equal assert_array_almost_equal assert_almost_equal "
        "assert_equal assert_",
    ),
    "numpy.random": (np.random, "default_rng Generator RandomState"),
    "sys": (sys, "settrace setprofile exit modules"),
}


class Watch:
    """Keeps what there was at the start. `changed()` says what is another thing now."""

    def __init__(self, shell):
        self.shell = shell
        self.before = self._seen()

    def changed(self):
        """[sort, what] pairs."""
        try:
            now = self._seen()
        except BaseException as error:
            return [["patched", f"looking for changes raised {type(error).__name__}"]]
        return [
            [key[0], key[1]]
            for key in sorted(self.before.keys() | now.keys())
            if self.before.get(key, None) is not now.get(key, None)
        ]

    def _seen(self):
        """{(sort, name): the object}; compared by identity."""
        found = {}
        for name, (place, names) in WATCHED.items():
            for one in names.split():
                found["patched", f"{name}.{one}"] = getattr(place, one, None)
        manager, shell = self.shell.input_transformer_manager, self.shell
        for place, transformers in {
            "ast_transformers": shell.ast_transformers,
            "input_transformers_cleanup": manager.cleanup_transforms,
            "input_transformers_post": getattr(shell, "input_transformers_post", ()),
            "line_transforms": manager.line_transforms,
            "token_transformers": manager.token_transformers,
        }.items():
            for number, one in enumerate(transformers):
                key = getattr(one, "__func__", one)
                found["transforms", f"{place}[{number}]"] = key
        own = vars(shell)
        for name in ("showtraceback", "_showtraceback", "run_cell", "run_cell_async", "run_code"):
            found["patched", f"shell.{name}"] = own.get(name, getattr(type(shell), name, None))
        kernel = shell.kernel
        for name in ("raw_input", "_input_request", "do_execute", "execute_request"):
            found["patched", f"kernel.{name}"] = vars(kernel).get(
                name, getattr(type(kernel), name, None)
            )
        found["traced", "sys.settrace"] = sys.gettrace()
        found["traced", "sys.setprofile"] = sys.getprofile()
        found["traced", "threading.settrace"] = getattr(threading, "_trace_hook", None)
        handler = shell.CustomTB if getattr(shell, "custom_exceptions", ()) else None
        found["patched", "shell.set_custom_exc"] = handler
        return found

    def equals_everything(self, value):
        """Whether this value, or one in it, says that it equals whatever it is compared with."""
        inside = value if type(value) in (tuple, list) and len(value) < 50 else ()
        return any(self._equals_everything(one) for one in (value, *inside))

    def _equals_everything(self, value):
        home = type.__dict__["__module__"].__get__(type(value))
        if type(home) is str and home.split(".")[0] in ("builtins", "numpy", "lstm_teach"):
            return False
        try:
            return all(bool(np.all(value == other)) for other in (Unlike(), 0.123, "another"))
        except BaseException:
            return False


class Unlike:
    """Equal to nothing but itself."""
