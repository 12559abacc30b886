"""Answers to the exercises of chapter 03."""

WRONG = {}

RIGHT = {}
