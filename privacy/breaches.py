"""Breaches of personal data: the clocks of both laws, whom they affect, and telling them (L06).

GDPR Art. 33 and 34; APPI Art. 68 with rules 43 to 45: a public body reports what concerns more than 100 persons, or was
done on purpose; first within three to five days, finally within 30 days (60 where it was done on purpose).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

import outbox

from . import audit, sights
from .declarations import declaration_of
from .models import AuditEvent, Breach, BreachSubject, ExportItem, Subject
from .purposes import Purpose

MANY = 100
BATCH = 500


@dataclass(frozen=True)
class Clock:
    """One duty: what, by when, when it was done, and whether it holds for this breach."""

    field: str
    duty: str
    due_at: datetime
    done_at: datetime | None
    is_owed: bool

    @property
    def is_open(self):
        return self.is_owed and self.done_at is None

    def is_overdue(self, now):
        return self.is_open and now > self.due_at


def clocks(breach):
    """The `Clock`s of both laws, counted from when the city knew; none of them can be moved by an edit of the breach
    that is not in the audit."""
    appi = breach.affected > MANY or breach.is_malicious
    since = breach.aware_at
    final = timedelta(days=60 if breach.is_malicious else 30)
    return [
        Clock(
            "authority_told_at",
            _("Notify the supervisory authority: within 72 hours (GDPR Art. 33)"),
            since + timedelta(hours=72),
            breach.authority_told_at,
            breach.risk != "none",
        ),
        Clock(
            "preliminary_at",
            _("First report to the Personal Information Protection Commission: within three days (APPI Art. 68)"),
            since + timedelta(days=3),
            breach.preliminary_at,
            appi,
        ),
        Clock(
            "final_at",
            _("Final report to the Personal Information Protection Commission (APPI Art. 68)"),
            since + final,
            breach.final_at,
            appi,
        ),
        Clock(
            "persons_told_at",
            _("Tell the persons (GDPR Art. 34, APPI Art. 68 (2))"),
            since + timedelta(days=3),
            breach.persons_told_at,
            appi or breach.risk == "high",
        ),
    ]


def overdue(now=None):
    """The open breaches of which a duty is overdue."""
    now = now or timezone.now()
    still_open = Breach.objects.filter(closed_at=None)
    return [breach for breach in still_open if any(clock.is_overdue(now) for clock in clocks(breach))]


@transaction.atomic
def enter(breach, *, by):
    breach.entered_by = by
    breach.full_clean(exclude=["ref"])
    breach.save()
    audit.record(by, gettext_noop("breach entered"), breach)
    return breach


NOTED = {
    "authority_told_at": gettext_lazy("Note that the supervisory authority was notified"),
    "preliminary_at": gettext_lazy("Note the first report to the Commission"),
    "final_at": gettext_lazy("Note the final report to the Commission"),
}


@transaction.atomic
def note(breach, field, at, *, by, reason=""):
    """A duty was done at that moment. Later than 72 hours GDPR asks for the reasons (Art. 33(1))."""
    breach = Breach.objects.select_for_update().get(pk=breach.pk)
    clock = next(clock for clock in clocks(breach) if clock.field == field)
    if clock.done_at:
        raise ValidationError(_("This is noted already."))
    if not breach.aware_at <= at <= timezone.now():
        raise ValidationError(_("The moment lies between when the city knew and now."))
    if field == "authority_told_at":
        if at > clock.due_at and not reason:
            raise ValidationError(_("After 72 hours the law asks for the reasons for the delay."))
        breach.delay_reason = reason
    setattr(breach, field, at)
    breach.save(update_fields=[field, "delay_reason"])
    audit.record(by, gettext_noop("breach report noted"), breach, field=field, at=at.isoformat())


@transaction.atomic
def affected_by_export(breach, export, *, by):
    """Add everybody whose row was in that hand-over. Returns how many were new."""
    refs = ExportItem.objects.filter(export=export).values_list("subject_ref", flat=True)
    return _add(breach, refs, f"hand-over {export}", by)


@transaction.atomic
def affected_by_sights(breach, account, since, until, *, by):
    """Add everybody whose data the account `account` (of staff) saw in that time. Returns how many were new."""
    events = AuditEvent.objects.filter(by=account, at__range=(since, until), act__in=[sights.SEEN, sights.LISTED])
    keys = {}
    for act, target, details in events.values_list("act", "target", "details"):
        label, _colon, key = target.partition(":")
        seen = [key] if act == sights.SEEN else details["keys"]
        keys.setdefault(label if act == sights.SEEN else details["of"], set()).update(map(str, seen))
    refs = set()
    for label, those in keys.items():
        declaration = declaration_of(apps.get_model(label))
        refs |= _subjects_of(declaration, those) if declaration else set()
    return _add(breach, refs, f"sights of staff no. {account.pk}", by)


@transaction.atomic
def tell(breach, *, by):
    """Begin to tell the affected persons; `tell_due` writes to them in batches. Raises `ValidationError`."""
    breach = Breach.objects.select_for_update().get(pk=breach.pk)
    if not (breach.told_text_en and breach.told_text_ja):
        raise ValidationError(_("Write what the persons are told, in both languages."))
    if not breach.subjects.exists():
        raise ValidationError(_("Find the affected persons first."))
    if breach.persons_told_at:
        raise ValidationError(_("The persons are being told already."))
    breach.persons_told_at = timezone.now()
    breach.save(update_fields=["persons_told_at"])
    audit.record(by, gettext_noop("breach told"), breach, persons=breach.subjects.count())


@transaction.atomic
def tell_due():
    """Write to one batch of those who are to be told. Returns how many; safe to run twice."""
    waiting = BreachSubject.objects.filter(breach__persons_told_at__isnull=False, told_at=None)
    batch = list(
        waiting.select_related("breach").select_for_update(skip_locked=True, of=["self"]).order_by("pk")[:BATCH]
    )
    subjects = Subject.objects.in_bulk([one.subject_ref for one in batch], field_name="ref")
    for one in batch:
        if one.subject_ref in subjects:
            texts = {"en": one.breach.told_text_en, "ja": one.breach.told_text_ja}
            outbox.post(
                subjects[one.subject_ref],
                Purpose.RIGHTS,
                "privacy/emails/breach",
                number=str(one.breach),
                texts=texts,
            )
    BreachSubject.objects.filter(pk__in=[one.pk for one in batch]).update(told_at=timezone.now())
    return len(batch)


@transaction.atomic
def close(breach, *, by, reason=""):
    """Nothing is left to do. What is owed and was not done needs a reason (GDPR Art. 33(5))."""
    breach = Breach.objects.select_for_update().get(pk=breach.pk)
    if any(clock.is_open for clock in clocks(breach)) and not reason:
        raise ValidationError(_("Something that the law asks for is not done: say why it need not be."))
    breach.closed_at, breach.not_reported_reason = timezone.now(), reason
    breach.save(update_fields=["closed_at", "not_reported_reason"])
    audit.record(by, gettext_noop("breach closed"), breach)


def _subjects_of(declaration, keys):
    """The references of the persons whom these rows are about."""
    rows = declaration.model._default_manager.filter(pk__in=keys)
    refs = set()
    for way in declaration.subjects:
        name = way if way.endswith("ref") else f"{way}__ref"
        those = rows.filter(declaration.only_where[way]) if way in declaration.only_where else rows
        refs |= {ref for ref in those.values_list(name, flat=True) if ref}
    return refs


def _add(breach, refs, found_by, by):
    known = set(breach.subjects.values_list("subject_ref", flat=True))
    new = sorted(set(refs) - known)
    BreachSubject.objects.bulk_create(BreachSubject(breach=breach, subject_ref=ref, found_by=found_by) for ref in new)
    breach.affected = max(breach.affected, len(known) + len(new))
    breach.save(update_fields=["affected"])
    audit.record(by, gettext_noop("breach persons found"), breach, found_by=found_by, persons=len(new))
    return len(new)
