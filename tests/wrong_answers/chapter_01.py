"""Answers to the exercises of chapter 01."""

WRONG = {}

RIGHT = {}
