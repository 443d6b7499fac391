from .audit import AuditEvent
from .ledger import CurrentState, LedgerEvent, LedgerLink, Matter, State
from .policy import ChangeClass, Document, PolicyNotice, PolicyText, PolicyVersion
from .recipient import Oversight, Recipient, RecipientRole, Topic
from .subject import Subject
from .use import ProcessingRecord, Request, RequestKind, UsageCount

__all__ = [
    "AuditEvent",
    "ChangeClass",
    "CurrentState",
    "Document",
    "LedgerEvent",
    "LedgerLink",
    "Matter",
    "Oversight",
    "PolicyNotice",
    "PolicyText",
    "PolicyVersion",
    "ProcessingRecord",
    "Recipient",
    "RecipientRole",
    "Request",
    "RequestKind",
    "State",
    "Subject",
    "Topic",
    "UsageCount",
]
