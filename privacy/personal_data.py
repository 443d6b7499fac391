"""What `privacy` holds, and what `outbox` does, which stands below and knows nothing of privacy."""

from django.utils.translation import gettext_lazy as _

from .declarations import EraseAction, Source, declare
from .models import (
    AuditEvent,
    CurrentState,
    LedgerEvent,
    LedgerLink,
    Oversight,
    PolicyNotice,
    PolicyText,
    PolicyVersion,
    ProcessingRecord,
    Recipient,
    Request,
    Subject,
    Topic,
    UsageCount,
)
from .purposes import Purpose
from .retention import Retention

declare(
    Subject,
    technical="ref language created_at ended_at",
    not_personal="id",
    subject="ref",
    purposes=[Purpose.ACCOUNT, Purpose.RIGHTS],
    retention=[Retention.ACCOUNT],
    provided="language",
)
declare(
    AuditEvent,
    evidence="at by act target details",
    not_personal="id",
    subject="by__subject",
    purposes=[Purpose.SECURITY],
    retention=[Retention.AUDIT],
    erase=EraseAction.UNLINK,
)
declare(
    LedgerEvent,
    evidence="subject_ref matter state purpose topic document version version_hash language at valid_until actor "
    "method proof",
    not_personal="seq ref",
    subject="subject_ref",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.PROOF],
    source=Source.PERSON,
    erase=EraseAction.UNLINK,
)
declare(
    CurrentState,
    evidence="subject_ref matter purpose topic document state version valid_until at",
    not_personal="id event",
    subject="subject_ref",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.PROOF],
    erase=EraseAction.UNLINK,
)
declare(LedgerLink, not_personal="seq event hash")
declare(
    Request,
    identifying="text",
    evidence="subject kind received_at",
    not_personal="id ref",
    subject="subject",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.REQUEST],
    source=Source.PERSON,
    provided="kind text",
)
declare(
    PolicyVersion,
    not_personal="id document number change_class effective_at enacted_on purposes recipients notify_from notice_until "
    "announced_at announced_by hash",
)
declare(PolicyText, not_personal="id version language body summary hash")
declare(
    PolicyNotice,
    evidence="version subject message",
    not_personal="id",
    subject="subject",
    purposes=[Purpose.SERVICE_NOTICES],
    retention=[Retention.PROOF],
)
declare(
    ProcessingRecord,
    evidence="at purpose topic recipient by_ref surface subjects fields versions",
    not_personal="id",
    subject="by_ref",
    purposes=[Purpose.SECURITY],
    retention=[Retention.AUDIT],
    erase=EraseAction.UNLINK,
)
declare(
    Recipient,
    not_personal="id code role name_en name_ja address_en address_ja valid_from valid_until purposes "
    "contract_reference duties_en duties_ja attested_on extra_minimum extra_minimum_reason",
)
declare(Oversight, not_personal="id recipient on result next_on")
declare(Topic, not_personal="id code purpose name_en name_ja description_en description_ja position is_offered")
declare(UsageCount, not_personal="id day kind term language count")

declare(
    "outbox.Message",
    identifying="sealed_to context",
    evidence="to_ref purpose topic template state problem response created_at sent_at handed_over_at",
    not_personal="id ref attempts crashes not_before expires_at leased_until",
    subject="to_ref",
    # Whatever is told by mail.
    purposes=[purpose for purpose in Purpose if purpose != Purpose.STATISTICS],
    retention=[Retention.MESSAGE_TEXT, Retention.MESSAGE],
    labels={"to_ref": _("reference"), "context": _("what the message says")},
    never_shown="sealed_to",
)
