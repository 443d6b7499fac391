"""Announcing a version: what must be there before people are told, and from then on nothing changes (R006-R012, C1)."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from .. import audit
from ..models import ChangeClass, Document, Recipient
from ..purposes import Purpose
from . import fingerprints, rendering
from .drafting import LANGUAGES, newest_announced, unchanged

# From the first mail to the effect: time to read, to ask, and to take one's data elsewhere. The policies promise that
# people are told before, and name no number of days; two weeks is our choice (docs/adr/0014).
NOTICE_PERIOD = {
    ChangeClass.EDITORIAL: timedelta(0),
    ChangeClass.NOTICE: timedelta(days=14),
    ChangeClass.CONSENT: timedelta(days=14),
}


@transaction.atomic
def announce(draft, *, seen, by):
    """Fix the draft for good and tell from now on that it takes effect.

    Raises `drafting.Stale` where it is no longer what was read (`seen`), and `ValidationError` with a sentence for each
    thing that is missing. An editorial change without a moment takes effect at once.
    """
    # There is one draft of a document, so that to lock it is to announce in turn.
    draft, now = unchanged(draft, seen), timezone.now()
    if faults := list(faults_of(draft, now)):
        raise ValidationError(faults)
    hashes = {}
    for text in draft.texts.all():
        text.hash = hashes[text.language] = fingerprints.of_text(text.body)
        text.save()
    draft.effective_at = draft.effective_at or now
    draft.hash, draft.announced_at, draft.announced_by = fingerprints.of_version(hashes), now, by
    draft.save()
    audit.record(by, "policy version announced", draft, document=draft.document, number=draft.number, hash=draft.hash)
    return draft


def faults_of(draft, now=None):
    """Yields in words what keeps `draft` from being announced at the moment `now`."""
    now = now or timezone.now()
    before = newest_announced(draft.document)
    yield from _faults_of_texts(draft, before)
    yield from _faults_of_times(draft, before, now)
    if draft.change_class != ChangeClass.EDITORIAL:
        yield from _faults_of_plan(draft, now)
    if draft.document == Document.PRIVACY:
        yield from _faults_of_uses(draft, before, now)


def _faults_of_texts(draft, before):
    texts = {text.language: text for text in draft.texts.all()}
    for language in LANGUAGES:
        text, name = texts.get(language), get_language_info(language)["name_translated"]
        if text is None or not text.body.strip():
            yield _("The text in %(language)s is missing.") % {"language": name}
            continue
        if not text.summary.strip():
            yield _("The summary of what changed in %(language)s is missing.") % {"language": name}
        for directive in rendering.unknown_directives(text.body):
            yield _("The text in %(language)s names [[%(name)s]], which stands for nothing.") % {
                "language": name,
                "name": directive,
            }
    if before and _content(before) == _content(draft):
        yield _("Nothing differs from version %(number)s.") % {"number": before.number}


def _content(version):
    uses = sorted(version.purposes), sorted(version.recipients)
    bodies = {text.language: fingerprints.of_text(text.body) for text in version.texts.all()}
    return bodies, uses, version.enacted_on


def _faults_of_times(draft, before, now):
    if draft.effective_at is None and draft.change_class != ChangeClass.EDITORIAL:
        yield _("The moment from which the version takes effect is missing.")
        return
    effective_at = draft.effective_at or now
    if effective_at < now:
        yield _("The version would take effect in the past. No version binds backwards.")
    if before and effective_at <= before.effective_at:
        yield _("Version %(number)s takes effect on %(moment)s; this version must follow it.") % {
            "number": before.number,
            "moment": _moment(before.effective_at),
        }


def _faults_of_plan(draft, now):
    """The plan by which people are told before the version takes effect (R010)."""
    if draft.notify_from is None:
        yield _("The moment from which mails leave is missing.")
    elif draft.effective_at and draft.notify_from >= draft.effective_at:
        yield _("Mails must leave before the version takes effect.")
    elif draft.effective_at:
        period = NOTICE_PERIOD[ChangeClass(draft.change_class)]
        if draft.effective_at < max(draft.notify_from, now) + period:
            yield ngettext(
                "Between the first mail and the effect there must be at least %(days)s day: not before %(moment)s.",
                "Between the first mail and the effect there must be at least %(days)s days: not before %(moment)s.",
                period.days,
            ) % {"days": period.days, "moment": _moment(max(draft.notify_from, now) + period)}
    if draft.notice_until is None:
        yield _("The moment until which the notice stays on the site is missing.")
    elif draft.effective_at and draft.notice_until < draft.effective_at:
        yield _("The notice must stay on the site at least until the version takes effect.")


def _faults_of_uses(draft, before, now):
    """What is added later covers nobody's data without their consent (R040)."""
    added_purposes, added_recipients = added_uses(draft, before)
    if draft.change_class != ChangeClass.CONSENT:
        for label in [Purpose(code).label for code in added_purposes] + added_recipients:
            yield _("“%(name)s” is new. A new purpose or recipient needs a version that asks for consent.") % {
                "name": label
            }
    known = set(Recipient.objects.current(draft.effective_at or now).values_list("code", flat=True))
    for code in draft.recipients:
        if code not in known:
            yield _("The register has no recipient “%(name)s” at the moment the version takes effect.") % {"name": code}


def added_uses(version, before):
    """(purposes, codes of recipients) that `version` states and `before` does not."""
    return (
        [code for code in version.purposes if not before or code not in before.purposes],
        [code for code in version.recipients if not before or code not in before.recipients],
    )


def _moment(at):
    return _("%(moment)s JST") % {"moment": date_format(timezone.localtime(at), "DATETIME_FORMAT")}
