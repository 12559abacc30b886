"""Attempts to get out of the sandbox, and the program that lets them be tried."""
