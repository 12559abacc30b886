"""Answers to the exercises of chapter 05."""

WRONG = {}

RIGHT = {}
