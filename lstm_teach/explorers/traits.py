"""What an explorer's settings may be, and the sentences that say so when they are not.

A setting is a trait: the sliders in the page and the code in a cell change the same thing.
"""

import numpy as np
import traitlets


class Setting(traitlets.TraitType):
    """One number from low to high; its slider moves in steps of `step`.

    label: the visible words beside the slider. whole=True: a whole number. The value is kept
    as a float (an int where whole); anything else raises TraitError.
    """

    def __init__(self, start, low, high, step, label, *, whole=False):
        super().__init__(default_value=start)
        self.slider = {"low": low, "high": high, "step": step, "label": label}
        self.low, self.high, self.whole = low, high, whole
        self.tag(sync=True)

    def validate(self, owner, value):
        """Return the value as a plain number, or raise TraitError."""
        kind = "a whole number" if self.whole else "a number"
        expected = f"expected {kind} from {self.low:g} to {self.high:g}."
        if not _is_number(value):
            raise traitlets.TraitError(f"{self.name} is {value!r}; {expected}")
        if not self.low <= value <= self.high or (self.whole and value != int(value)):
            raise traitlets.TraitError(f"{self.name} is {value}; {expected}")
        return int(value) if self.whole else float(value)


class Stops(Setting):
    """One positive number whose slider stops at the given numbers only, such as 0.1, 0.2, 0.5, 1.

    From code any number from the lowest to the highest is taken; the slider then stands at the
    nearest stop. off: a last stop, 0, that says "off".
    """

    def __init__(self, start, stops, label, *, off=False):
        stops = [*stops, 0.0] if off else [*stops]
        super().__init__(start, min(stops), max(stops), 1, label)
        self.slider |= {"stops": stops}


class Choice(Setting):
    """One of a few words; radio buttons in the page."""

    def __init__(self, start, choices, label):
        traitlets.TraitType.__init__(self, default_value=start)
        self.slider = {"choices": [*choices], "label": label}
        self.tag(sync=True)

    def validate(self, owner, value):
        """Return the word, or raise TraitError."""
        if value not in self.slider["choices"]:
            expected = " or ".join(repr(choice) for choice in self.slider["choices"])
            raise traitlets.TraitError(f"{self.name} is {value!r}; expected {expected}.")
        return value


class Numbers(traitlets.TraitType):
    """A list of numbers of one fixed length, each from low to high in sliders of step `step`.

    letters: what the axis is called in the text, such as "(T,)". A NumPy array is taken too.
    The value is kept as a list; anything else raises TraitError.
    """

    def __init__(self, start, low, high, step, letters):
        super().__init__(default_value=start)
        self.slider = {"low": low, "high": high, "step": step}
        self.shape, self.letters = np.shape(start), letters
        self.low, self.high = low, high
        self.tag(sync=True)

    def validate(self, owner, value):
        """Return the value as a list of floats, or raise TraitError."""
        try:
            array = np.array(value, float)
        except (TypeError, ValueError):
            raise traitlets.TraitError(
                f"{self.name} is not a list of numbers; expected {self.letters} = {self.shape}."
            ) from None
        if array.shape != self.shape:
            raise traitlets.TraitError(
                f"{self.name} has shape {array.shape}; expected {self.letters} = {self.shape}."
            )
        wrong = np.argwhere(~((self.low <= array) & (array <= self.high)))
        if len(wrong):
            where = tuple(int(n) for n in wrong[0])
            raise traitlets.TraitError(
                f"{self.name}{list(where)} is {array[where]:g}; "
                f"expected a number from {self.low:g} to {self.high:g}."
            )
        return array.tolist()


def _is_number(value):
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
