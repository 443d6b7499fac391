"""What people were told, agreed to and refused, in a form that nobody can rewrite unnoticed (L01, R005, R098)."""

from .events import append, state_of
from .proof import fingerprint, proof_of

__all__ = ["append", "fingerprint", "proof_of", "state_of"]
