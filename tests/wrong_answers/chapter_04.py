"""Answers to the exercises of chapter 04."""

WRONG = {}

RIGHT = {}
