"""What `privacy` holds, and what `outbox` does, which stands below and knows nothing of privacy."""

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Now, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outbox.models import Message, State

from . import erasure
from .declarations import Contact, EraseAction, Source, contact_source, declare, declared, due_source
from .models import (
    ENDED,
    AuditEvent,
    Breach,
    BreachSubject,
    Channel,
    CurrentState,
    Disclosure,
    DisclosureSubject,
    Erasure,
    ErasureReason,
    Export,
    ExportItem,
    ExportProfile,
    LedgerEvent,
    LedgerLink,
    LegalHold,
    Mandate,
    Oversight,
    Package,
    PolicyNotice,
    PolicyText,
    PolicyVersion,
    ProcessingRecord,
    Recipient,
    RecipientKey,
    Release,
    Request,
    RequestCode,
    RequestEvent,
    RequestLetter,
    RequestState,
    RetentionResult,
    RetentionRule,
    RetentionRun,
    Review,
    SealedPaper,
    Step,
    Subject,
    Suppression,
    Topic,
    UsageCount,
)
from .purposes import Purpose
from .retention import Retention

declare(
    Subject,
    technical="ref language created_at ended_at erased_at",
    not_personal="id",
    subject="ref",
    purposes=[Purpose.ACCOUNT, Purpose.RIGHTS],
    retention=[Retention.ACCOUNT],
    provided="language",
    erase=EraseAction.UNLINK,
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
    identifying="text name email",
    technical="entered_by",
    evidence="subject kind regimes channel mandate received_at",
    not_personal="id ref language",
    # Until an agent's mandate is acknowledged, only the mandate leads to whom the request is about.
    subject="subject mandate__subject",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.REQUEST],
    source=Source.PERSON,
    provided="kind text name email",
    erase=EraseAction.EMPTY,
)
declare(
    RequestEvent,
    technical="by",
    evidence="request at step state due_on internal_on governed_by outcome codes",
    not_personal="id",
    subject="request__subject",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.REQUEST],
    source=Source.STAFF,
    erase=EraseAction.UNLINK,
    goes_with="request",
)
declare(
    RequestCode,
    technical="code_hash expires_at attempts created_at",
    evidence="request",
    not_personal="id ref form_key",
    subject="request__subject",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.REQUEST],
    never_shown="code_hash attempts",
    goes_with="request",
)
declare(
    RequestLetter,
    identifying="text",
    evidence="request event message",
    not_personal="id language",
    subject="request__subject",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.REQUEST],
    source=Source.STAFF,
    goes_with="request",
)
declare(
    Mandate,
    identifying="agent_name agent_email reason",
    technical="decided_by",
    evidence="subject agent kind scope valid_until confirmed_at denied_at revoked_at acknowledged_at refused_at",
    not_personal="id ref",
    subject="subject agent",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.REQUEST],
    source=Source.PERSON,
    provided="agent_name agent_email",
    erase=EraseAction.EMPTY,
)
declare(
    SealedPaper,
    identifying="content",
    evidence="request kind media_type size received_at emptied_at",
    not_personal="id ref",
    subject="request__subject",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.PAPER, Retention.REQUEST],
    source=Source.PERSON,
    never_shown="content",
    goes_with="request",
)
declare(
    Package,
    identifying="content",
    technical="allowed_by",
    evidence="subject request form asked_at size built_at fetched_at expires_at",
    not_personal="id ref done total attempts leased_until failed_at",
    subject="subject",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.REQUEST],
    never_shown="content",
)
declare(
    Erasure,
    technical="expedited_by",
    evidence="subject request reason frozen_at due_at called_off_at done_at counts",
    not_personal="id ref",
    subject="subject",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.PROOF],
    erase=EraseAction.UNLINK,
)
declare(
    Suppression,
    evidence="digest purpose topic made_at",
    not_personal="id",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.PROOF],
    erase=EraseAction.UNLINK,
)
declare(
    RecipientKey,
    technical="telephone confirmed_with registered_by confirmed_by",
    not_personal="id recipient public_key registered_at confirmed_at expires_at revoked_at",
    purposes=[Purpose.SECURITY],
    retention=[Retention.AUDIT],
    source=Source.STAFF,
)
declare(
    ExportProfile,
    not_personal="id recipient purpose name_en name_ja fields spreadsheet_until spreadsheet_reason",
)
declare(
    Export,
    technical="sealed_password requested_by approved_by cancelled_by password_read_by password_read_to confirmed_by "
    "acknowledged_by destroyed_by",
    not_personal="id ref kind recipient profile recalls key reason fingerprint requested_at approved_at cancelled_at "
    "built_at failed_at problem leased_until rows withheld manifest file_name size sha256 password_read_at expires_at "
    "confirmed_at acknowledged_at delete_by destroyed_at",
    purposes=[Purpose.SECURITY],
    retention=[Retention.AUDIT],
    erase=EraseAction.UNLINK,
    never_shown="sealed_password",
)
declare(
    ExportItem,
    evidence="export subject_ref row_key digest action is_withheld",
    not_personal="id",
    subject="subject_ref",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.PROOF],
    erase=EraseAction.UNLINK,
)
declare(
    RetentionRule,
    technical="signed_by",
    not_personal="id kind trigger period action signed_at",
    purposes=[Purpose.SECURITY],
    retention=[Retention.PROOF],
    source=Source.STAFF,
    erase=EraseAction.UNLINK,
)
declare(
    LegalHold,
    technical="placed_by",
    evidence="kind subject reason ends_on placed_at",
    not_personal="id",
    subject="subject",
    purposes=[Purpose.RIGHTS],
    retention=[Retention.PROOF],
    source=Source.STAFF,
    erase=EraseAction.UNLINK,
    # Why somebody else may need the data, and against whom, is not the person's to read.
    of_others="reason",
)
declare(
    RetentionRun,
    technical="by",
    not_personal="id started_at ended_at is_dry",
    purposes=[Purpose.SECURITY],
    retention=[Retention.AUDIT],
    erase=EraseAction.UNLINK,
)
declare(
    RetentionResult,
    technical="released_by",
    not_personal="id run kind model outcome rows due held done went_with released_at releases",
    purposes=[Purpose.SECURITY],
    retention=[Retention.AUDIT],
    erase=EraseAction.UNLINK,
    goes_with="run",
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
declare(Release, not_personal="id table month published_at content digest")
declare(UsageCount, not_personal="id day kind term language count")
declare(
    Disclosure,
    business="requester case_reference",
    technical="entered_by approved_by refused_by extracted_by",
    not_personal="id ref requested_on ground article reasoning fields sealed_until entered_at approved_at refused_at "
    "extracted_at",
    purposes=[Purpose.DISCLOSURE],
    retention=[Retention.AUDIT],
    source=Source.STAFF,
    erase=EraseAction.UNLINK,
)
declare(
    DisclosureSubject,
    evidence="disclosure subject_ref",
    not_personal="id",
    subject="subject_ref",
    # The law may forbid to tell the person, for a time.
    only_where={"subject_ref": Q(disclosure__sealed_until=None) | Q(disclosure__sealed_until__lt=TruncDate(Now()))},
    purposes=[Purpose.DISCLOSURE],
    retention=[Retention.AUDIT],
    source=Source.STAFF,
    erase=EraseAction.UNLINK,
)
declare(
    Breach,
    technical="entered_by",
    not_personal="id ref kind aware_at occurred description consequences measures affected is_malicious risk "
    "told_text_en told_text_ja authority_told_at delay_reason preliminary_at final_at persons_told_at closed_at "
    "not_reported_reason",
    purposes=[Purpose.SECURITY],
    retention=[Retention.AUDIT],
    source=Source.STAFF,
    erase=EraseAction.UNLINK,
)
declare(
    BreachSubject,
    evidence="breach subject_ref found_by told_at",
    not_personal="id",
    subject="subject_ref",
    purposes=[Purpose.SECURITY, Purpose.RIGHTS],
    retention=[Retention.AUDIT],
    erase=EraseAction.UNLINK,
)
declare(
    Review,
    technical="by",
    not_personal="id subject on result next_on",
    purposes=[Purpose.SECURITY],
    retention=[Retention.AUDIT],
    source=Source.STAFF,
    erase=EraseAction.UNLINK,
)

declare(
    "outbox.Message",
    identifying="sealed_to context",
    evidence="to_ref purpose topic template state problem response created_at sent_at handed_over_at",
    not_personal="id ref attempts crashes not_before expires_at leased_until",
    subject="to_ref",
    # Whatever is told by mail.
    purposes=[purpose for purpose in Purpose if purpose not in (Purpose.DISCLOSURE, Purpose.STATISTICS)],
    retention=[Retention.MESSAGE_TEXT, Retention.MESSAGE],
    labels={"to_ref": _("reference"), "context": _("what the message says")},
    never_shown="sealed_to",
    goes_by={Retention.MESSAGE_TEXT: "wiped by the outbox, in the act of delivery or of giving up"},
)


@contact_source("privacy.Request.email")
def asker_address(ref):
    """Where who has no account is written to about what they asked: the address of their newest request, of the public
    form only once it is proven. An account's own address comes before it."""
    proven = RequestEvent.objects.filter(request=OuterRef("pk"), step=Step.ADDRESS_PROVEN)
    told = Request.objects.filter(~Q(channel=Channel.FORM) | Q(Exists(proven)), subject__ref=ref).exclude(email="")
    newest = told.filter(mandate=None).order_by("-pk").first()
    return newest and Contact(newest.email, newest.language)


# ---- whose time is over (R110) ----


def _forget(rows):
    """Nobody may delete from these tables; the function refuses what is younger than five years."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {rows.model._meta.db_table}_forget(%s)", [list(rows.values_list("pk", flat=True))])
        return cursor.fetchone()[0]


def _answered(before):
    """The requests whose last step was an answer or an end, before that moment."""
    newest = RequestEvent.objects.filter(request=OuterRef("pk")).order_by("-pk")
    stand = Request.objects.annotate(
        state=Subquery(newest.values("state")[:1]), since=Subquery(newest.values("at")[:1])
    )
    return stand.filter(state__in=[*ENDED, RequestState.DELIVERED], since__lt=before)


@due_source(SealedPaper, Retention.PAPER, end=lambda papers: papers.update(content=b"", emptied_at=timezone.now()))
def papers_of_answered_requests(before):
    return SealedPaper.objects.filter(emptied_at=None, request__in=_answered(before).values("pk"))


@due_source(Package, Retention.REQUEST)
def old_packages(before):
    return Package.objects.filter(asked_at__lt=before)


@due_source(Request, Retention.REQUEST)
def answered_requests(before):
    """Not while an erasure that came of it is under way."""
    under_way = Erasure.objects.filter(request=OuterRef("pk"), done_at=None, called_off_at=None)
    return _answered(before).exclude(Exists(under_way))


@due_source(Mandate, Retention.REQUEST)
def mandates_over(before):
    ended = Q(valid_until__lt=before) | Q(refused_at__lt=before) | Q(denied_at__lt=before) | Q(revoked_at__lt=before)
    return Mandate.objects.filter(ended).exclude(Exists(Request.objects.filter(mandate=OuterRef("pk"))))


@due_source(Export, Retention.AUDIT)
def ended_hand_overs(before):
    """Those of which no row is kept as proof, and to which nothing refers."""
    ended = Q(destroyed_at__lt=before) | Q(cancelled_at__lt=before) | Q(failed_at__lt=before, built_at=None)
    return Export.objects.filter(ended).exclude(
        Exists(ExportItem.objects.filter(export=OuterRef("pk"))) | Exists(Export.objects.filter(recalls=OuterRef("pk")))
    )


@due_source(RecipientKey, Retention.AUDIT)
def keys_over(before):
    ended = Q(revoked_at__lt=before) | Q(expires_at__lt=before)
    return RecipientKey.objects.filter(ended).exclude(Exists(Export.objects.filter(key=OuterRef("pk"))))


@due_source(DisclosureSubject, Retention.AUDIT, end=_forget)
def persons_of_old_disclosures(before):
    return DisclosureSubject.objects.filter(disclosure__in=old_disclosures(before))


@due_source(Disclosure, Retention.AUDIT, end=_forget)
def old_disclosures(before):
    """Not while the law forbids to tell the persons."""
    return Disclosure.objects.filter(entered_at__lt=before).exclude(sealed_until__gte=TruncDate(Now()))


@due_source(BreachSubject, Retention.AUDIT)
def persons_of_old_breaches(before):
    return BreachSubject.objects.filter(breach__in=old_breaches(before))


@due_source(Breach, Retention.AUDIT)
def old_breaches(before):
    return Breach.objects.filter(closed_at__lt=before)


@due_source(Review, Retention.AUDIT)
def old_reviews(before):
    """Not the newest of its kind, which says when the next is due."""
    newer = Review.objects.filter(subject=OuterRef("subject"), pk__gt=OuterRef("pk"))
    return Review.objects.filter(Exists(newer), on__lt=timezone.localdate(before))


@due_source(RetentionRun, Retention.AUDIT)
def old_runs(before):
    return RetentionRun.objects.filter(started_at__lt=before)


@due_source("outbox.Message", Retention.MESSAGE)
def old_messages(before):
    """Not those that prove that a version was announced to somebody."""
    over = Message.objects.filter(created_at__lt=before).exclude(state__in=[State.WAITING, State.SENDING])
    return over.exclude(Exists(PolicyNotice.objects.filter(message=OuterRef("pk"))))


@due_source(ProcessingRecord, Retention.AUDIT, end=_forget)
def old_uses(before):
    return ProcessingRecord.objects.filter(at__lt=before)


@due_source(AuditEvent, Retention.AUDIT, end=_forget)
def old_acts(before):
    return AuditEvent.objects.filter(at__lt=before)


def _erase(subjects):
    """The person is erased as a whole, which has its own steps, journal and proof."""
    for subject in subjects:
        erasure.start(subject, ErasureReason.RETENTION)
    return len(subjects)


@due_source(Subject, Retention.ACCOUNT, end=_erase)
def people_who_left(before):
    """Not while something that they gave is kept for its own time, nor while their erasure is under way."""
    left = Subject.objects.filter(ended_at__lt=before, erased_at=None)
    left = left.exclude(Exists(Erasure.objects.under_way().filter(subject=OuterRef("pk"))))
    for declaration in declared():
        if declaration.provided and Retention.ACCOUNT not in declaration.retention:
            for way in declaration.subjects:
                rows = declaration.model._default_manager.filter(declaration.only_where.get(way, Q()))
                held = rows.exclude(**{way: None}).values(way)
                left = left.exclude(**{"ref__in" if way.endswith("ref") else "pk__in": held})
    return left
