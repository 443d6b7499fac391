"""What becomes of data whose time of keeping is over (R110)."""
