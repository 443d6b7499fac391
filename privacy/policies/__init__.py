"""What people were told: versions of documents, which of them is in force, and for whom."""

from .versions import all_in_force, applicable, asked_of, for_subject, in_force, pending_for

__all__ = ["all_in_force", "applicable", "asked_of", "for_subject", "in_force", "pending_for"]
