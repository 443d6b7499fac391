"""Why data may be used, or may not, in plain words: for the person and for the privacy officer, now or as it was.

Who decides is the gate; here stand the facts behind each of its conditions. No sentence says "you", so that both of
them read the same.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import policies
from .gate.conditions import use_of
from .gate.decisions import weighed
from .models import Document, LedgerEvent, Matter, Recipient, State, Subject, Topic
from .purposes import Basis


@dataclass(frozen=True)
class Reason:
    holds: bool
    sentence: str


@dataclass(frozen=True)
class Explanation:
    is_allowed: bool
    verdict: str
    reasons: list[Reason]


def explain(subject, purpose, recipient="", topic="", at=None):
    """The `Explanation` of one use of the data of `subject`: a sentence for each condition, in the active language.

    `at`: as it was decided at that moment.
    """
    use = use_of(purpose, recipient, topic, at)
    if use is None:
        return Explanation(
            False, _verdict(False, at), [Reason(False, _("Nobody declared such a use, so it is refused."))]
        )
    facts = Facts(subject, use)
    reasons = [Reason(holds, getattr(facts, conjunct.__name__)(holds)) for conjunct, holds in weighed(use, subject)]
    is_allowed = all(reason.holds for reason in reasons)
    if is_allowed and (withheld := facts.withheld()):
        reasons.append(Reason(True, withheld))
    return Explanation(is_allowed, _verdict(is_allowed, at), reasons)


def in_words(use_purpose, topic=""):
    """What a use is called: its purpose, and the topic in the active language."""
    found = Topic.objects.filter(code=topic).first() if topic else None
    return f"{use_purpose.label}: {found.name(get_language())}" if found else str(use_purpose.label)


def _verdict(is_allowed, at):
    if at is None:
        return _("This is allowed.") if is_allowed else _("This is not allowed.")
    day = {"day": _day(at)}
    return _("On %(day)s this was allowed.") % day if is_allowed else _("On %(day)s this was not allowed.") % day


def _day(moment):
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


class Facts:
    """What the ledger and the registers say about one person and one use: a method for each condition of the gate."""

    def __init__(self, subject, use):
        self.use = use
        self.ended_at = Subject.objects.values_list("ended_at", flat=True).get(pk=subject.pk)
        said = LedgerEvent.objects.filter(subject_ref=subject.ref, at__lte=use.at).order_by("seq")
        self.newest = {(row.matter, row.purpose, row.topic, row.document): row for row in said}

    def _last(self, matter, purpose="", topic="", document=""):
        return self.newest.get((matter, purpose, topic, document))

    def _is_on(self, event):
        lapsed = event is not None and event.valid_until is not None and event.valid_until <= self.use.at
        return event is not None and event.state in (State.MADE, State.GIVEN) and not lapsed

    def stated_in_the_policy(self, holds):
        told = self._last(Matter.POLICY, document=Document.PRIVACY)
        if told is None:
            return _("No privacy policy was shown or agreed to, so nothing may be done.")
        bound = policies.applicable(self.use.versions, told.version)
        facts = {"day": _day(told.at), "version": bound and bound.number}
        if bound is None or told.version > bound.number:
            return _("The version of the privacy policy that was agreed to has not taken effect yet.")
        if not self.use.states(bound):
            sentence = _("Version %(version)s of the privacy policy applies, and does not state this use.")
        elif not holds:
            sentence = _("Version %(version)s of the privacy policy added this use. It covers only who agrees to it.")
        elif told.state == State.ACCEPTED:
            sentence = _("The privacy policy was agreed to on %(day)s. Version %(version)s applies and names this use.")
        else:
            sentence = _("The privacy policy was shown on %(day)s. Version %(version)s applies and names this use.")
        return sentence % facts

    def agreed(self, holds):
        if not self.use.rule.needs_consent:
            basis = Basis(self.use.rule.basis).label
            return _("No consent is needed. The legal ground is: %(ground)s.") % {"ground": basis}
        event = self._last(Matter.CONSENT, self.use.purpose, self.use.topic)
        if event is None:
            return _("Consent was never given.")
        day = {"day": _day(event.at)}
        if holds:
            return _("Consent was given on %(day)s and not taken back.") % day
        if event.state == State.WITHDRAWN:
            return _("Consent was taken back on %(day)s.") % day
        if event.state == State.REFUSED:
            return _("Consent was refused on %(day)s.") % day
        return _("Consent is no longer valid.")

    def not_objected(self, holds):
        events = [self._last(Matter.OBJECTION, self.use.purpose, topic) for topic in {"", self.use.topic}]
        made = [event for event in events if self._is_on(event)]
        if made:
            return _("An objection was made on %(day)s.") % {"day": _day(made[0].at)}
        lifted = [event for event in events if event]
        if lifted:
            return _("An objection was taken back on %(day)s.") % {"day": _day(lifted[0].at)}
        return _("No objection was made.")

    def not_restricted(self, holds):
        event = self._last(Matter.RESTRICTION)
        if event is None:
            return _("The use of the data is not restricted.")
        if not self._is_on(event):
            return _("A restriction of the use has ended.")
        if holds:
            return _("The use of the data has been restricted since %(day)s; this use may go on.") % {
                "day": _day(event.at)
            }
        return _("The use of the data has been restricted since %(day)s.") % {"day": _day(event.at)}

    def not_a_child(self, holds):
        event = self._last(Matter.CHILD)
        if event is None:
            return _("Nobody has said that the data are a child's.")
        if not self._is_on(event):
            return _("A report that the data are a child's no longer stands.")
        if holds:
            return _("Since %(day)s the data are said to be a child's; this use may go on.") % {"day": _day(event.at)}
        return _("Since %(day)s the data are said to be a child's.") % {"day": _day(event.at)}

    def not_too_old(self, holds):
        ended = self.ended_at
        if ended is None or ended > self.use.at:
            return _("The relation with the portal lasts.")
        days = {"day": _day(ended), "end": _day(ended + self.use.rule.kept_for)}
        if holds:
            return _("The relation with the portal ended on %(day)s; this use may go on until %(end)s.") % days
        return _("The relation with the portal ended on %(day)s; this use was possible until %(end)s.") % days

    def recipient_is_entitled(self, holds):
        if not self.use.recipient:
            return _("The city does this itself.")
        known = Recipient.objects.filter(code=self.use.recipient).order_by("valid_from")
        current = known.current(self.use.at).last()
        if current is None:
            sentence = _("%(name)s does not work for the city at that time.")
        elif self.use.purpose not in current.purposes:
            sentence = _("%(name)s does not work for the city for this purpose.")
        elif not holds:
            sentence = _("%(name)s has not attested that it protects data as the city does.")
        else:
            sentence = _("%(name)s works for the city for this purpose, and attested to protect data as the city does.")
        return sentence % {"name": (current or known.last()).name(get_language())}

    def withheld(self):
        event = self._last(Matter.OPT_OUT, topic=self.use.recipient) if self.use.recipient else None
        if not self._is_on(event):
            return ""
        return _("What identifies the person has been withheld since %(day)s; only the minimum goes there.") % {
            "day": _day(event.at)
        }
