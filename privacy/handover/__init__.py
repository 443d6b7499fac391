"""What is handed to those who work for the city: sealed, signed, released by two (R060-R067)."""
