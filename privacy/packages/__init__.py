"""Copies of a person's data, to read and for other services (R092, R097)."""
