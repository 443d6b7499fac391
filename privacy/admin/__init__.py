"""The admin's pages, and the base that all of them share."""

from .breaches import BreachAdmin
from .disclosures import DisclosureAdmin
from .erasures import ErasureAdmin
from .export_profiles import ExportProfileAdmin
from .exports import ExportAdmin
from .gated import MASK, GatedAdmin, ReadOnlyAdmin, masked, sees_personal_fields
from .keeping import LegalHoldAdmin, RetentionResultAdmin, RetentionRuleAdmin
from .ledger import LedgerEventAdmin
from .mandates import MandateAdmin
from .packages import PackageAdmin
from .policies import PolicyVersionAdmin
from .recipient_keys import RecipientKeyAdmin
from .records import AuditEventAdmin, ProcessingRecordAdmin, UsageCountAdmin
from .registers import OversightAdmin, RecipientAdmin, TopicAdmin
from .requests import RequestAdmin
from .reviews import ReviewAdmin
from .statistics import ReleaseAdmin

__all__ = [
    "MASK",
    "AuditEventAdmin",
    "BreachAdmin",
    "DisclosureAdmin",
    "ErasureAdmin",
    "ExportAdmin",
    "ExportProfileAdmin",
    "GatedAdmin",
    "LedgerEventAdmin",
    "LegalHoldAdmin",
    "MandateAdmin",
    "OversightAdmin",
    "PackageAdmin",
    "PolicyVersionAdmin",
    "ProcessingRecordAdmin",
    "ReadOnlyAdmin",
    "RecipientAdmin",
    "RecipientKeyAdmin",
    "ReleaseAdmin",
    "RequestAdmin",
    "RetentionResultAdmin",
    "RetentionRuleAdmin",
    "ReviewAdmin",
    "TopicAdmin",
    "UsageCountAdmin",
    "masked",
    "sees_personal_fields",
]
