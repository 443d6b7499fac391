"""What waits for a member of staff: counts with links, each only for who may do something about it."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import DomesticRegistration, Operator, OverseasRegistration
from inquiries.models import ChildCase, Inquiry
from networking.models import Introduction
from outbox.models import Message
from privacy import handover, overview, reviews
from privacy.handover import downloads
from privacy.handover.stages import NEXT, Stage
from privacy.models import Breach, Disclosure, PolicyVersion, Request
from privacy.policies import notices

OLDEST = 5
# What the recipient's staff do next with a hand-over.


def waiting_for(person):
    """{"figures": [(count, label, url, is_urgent)], "registrations": [(registration, url)], the oldest first}.

    For a recipient's staff "hand_overs" as well, as of `_hand_overs`.
    """
    if person.recipient:
        return {"figures": [], "registrations": [], "hand_overs": _hand_overs(person)}
    figures, registrations = [], []
    if person.has_perm("accounts.review_registrations"):
        today = timezone.localdate()
        for model in (DomesticRegistration, OverseasRegistration):
            queue = _list(model)
            waiting, overdue = model.objects.waiting_for_staff(), model.objects.overdue_on(today).count()
            figures.append((waiting.count(), model._meta.verbose_name_plural, queue, False))
            if overdue:
                label = _("overdue: %(registrations)s") % {"registrations": model._meta.verbose_name_plural}
                figures.append((overdue, label, f"{queue}?age=overdue", True))
            registrations += waiting[:OLDEST]
    if person.has_perm("accounts.change_operator"):
        needed = Operator.objects.filter(status=Operator.Status.CONTACT_NEEDED).count()
        url = f"{_list(Operator)}?status__exact={Operator.Status.CONTACT_NEEDED}"
        figures.append((needed, _("businesses without an owner"), url, bool(needed)))
    if person.has_perm("outbox.change_message"):
        for state, label in (("set_aside", _("messages set aside")), ("in_doubt", _("messages in doubt"))):
            stuck = Message.objects.filter(state=state).count()
            figures.append((stuck, label, f"{_list(Message)}?state__exact={state}", bool(stuck)))
    if person.has_perm("privacy.change_policyversion"):
        stalled = len(notices.stalled())
        if stalled:
            figures.append((stalled, _("policy versions whose mails have not started"), _list(PolicyVersion), True))
    if person.has_perm("privacy.add_review"):
        figures += _privacy()
    if person.has_perm("networking.change_introduction"):
        reported = Introduction.objects.waiting_for_staff().count()
        url = f"{_list(Introduction)}?settled_at__isnull=True"
        figures.append((reported, _("introductions reported"), url, bool(reported)))
    figures += _inquiries(person)
    oldest = sorted(registrations, key=lambda registration: (registration.due_on, registration.submitted_at))[:OLDEST]
    return {"figures": figures, "registrations": [(registration, _page(registration)) for registration in oldest]}


def _privacy():
    """The figures of what people ask about their own data, and of what the city owes the law."""
    asked, owed = overview.requests(), overview.registers()
    still_open = sum(count for _state, count in asked["states"])
    page = reverse("admin:privacy_overview")
    figures = [(still_open, _("open requests about own data"), _list(Request), False)]
    late = [
        (asked["overdue"], _("requests about own data overdue"), _list(Request)),
        (owed["overdue"], _("breaches with an overdue duty"), _list(Breach)),
        (owed["disclosures"], _("disclosures that wait for a second officer"), _list(Disclosure)),
        (overview.hand_overs()["release"], _("hand-overs that wait for release"), page),
        (sum(is_overdue for _what, _day, is_overdue in reviews.due()), _("reviews overdue"), page),
    ]
    return figures + [(count, label, url, True) for count, label, url in late if count]


def _hand_overs(person):
    """[(hand-over, its page, what is to be done, by which day, whether that day is over)], the oldest first (R065)."""
    found = []
    for export in downloads.offered_to(person).filter(cancelled_at=None, destroyed_at=None).order_by("built_at"):
        stage = handover.stage(export)
        day = timezone.localdate(export.expires_at) if stage == Stage.FETCH else export.delete_by
        found.append((export, _page(export), NEXT[stage][2], day, stage == Stage.OVERDUE))
    return found


def _inquiries(person):
    """The figures of what was asked and is theirs to answer, and of what guardians report."""
    figures = []
    if person.has_perm("inquiries.change_inquiry"):
        theirs, queue = Inquiry.objects.visible_to(person), _list(Inquiry)
        waiting = theirs.waiting_for_staff().count()
        figures.append((waiting, Inquiry._meta.verbose_name_plural, f"{queue}?state=new", False))
        if overdue := theirs.overdue_on(timezone.localdate()).count():
            figures.append((overdue, _("inquiries overdue"), f"{queue}?state=overdue", True))
    if person.has_perm("inquiries.change_childcase") and (undecided := ChildCase.objects.undecided().count()):
        figures.append((undecided, _("reports about children’s data to decide"), _list(ChildCase), True))
    return figures


def _list(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def _page(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
