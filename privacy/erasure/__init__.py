"""The end of a person's data, and what proves it (R094, R113)."""
