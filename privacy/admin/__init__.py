"""The admin's pages, and the base that all of them share."""

from .gated import MASK, GatedAdmin, ReadOnlyAdmin, masked, sees_personal_fields
from .ledger import LedgerEventAdmin
from .records import AuditEventAdmin, ProcessingRecordAdmin, UsageCountAdmin
from .registers import OversightAdmin, RecipientAdmin, TopicAdmin
from .requests import RequestAdmin

__all__ = [
    "MASK",
    "AuditEventAdmin",
    "GatedAdmin",
    "LedgerEventAdmin",
    "OversightAdmin",
    "ProcessingRecordAdmin",
    "ReadOnlyAdmin",
    "RecipientAdmin",
    "RequestAdmin",
    "TopicAdmin",
    "UsageCountAdmin",
    "masked",
    "sees_personal_fields",
]

# Registers the policies' admin, which builds on what stands above.
from ..policies import admin as policies_admin  # noqa: F401
