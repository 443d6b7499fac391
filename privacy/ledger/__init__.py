"""What people were told, agreed to and refused, in a form that nobody can rewrite unnoticed (L01, R005, R098)."""

from .events import append, state_of
from .proof import proof_of

__all__ = ["append", "proof_of", "state_of"]
