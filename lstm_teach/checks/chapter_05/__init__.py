"""Chapter 05, training a chain anyway: its exercises, in the order of the page."""

EXERCISES = ()
