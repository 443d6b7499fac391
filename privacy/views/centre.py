"""A person's own place: what is held about them, who saw it, what they chose and may choose, what they may ask."""

from allauth.account.decorators import reauthentication_required
from allauth.core.internal.ratelimit import consume
from django import forms
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView, ListView, TemplateView, View

from .. import held, policies, requests, sights
from ..models import CurrentState, Document, LedgerEvent, Matter, Recipient, RequestKind, State, Topic
from ..purposes import RULES, Purpose

# Each request is mailed to every privacy officer.
LIMITS = {"ask": "10/h/user"}


class CentreView(TemplateView):
    """The choices as they stand, each with one button that changes it, and the ways to everything else."""

    template_name = "privacy/centre.html"

    def get_context_data(self, **kwargs):
        subject = self.request.user.subject
        choices = Choices(subject)
        return super().get_context_data(
            topics=[choices.topic(topic) for topic in Topic.objects.filter(is_offered=True)],
            uses=[choices.use(purpose) for purpose in Purpose if is_objected_to_as_a_whole(purpose)],
            recipients=[choices.recipient(recipient) for recipient in Recipient.objects.current(timezone.now())],
            policies=[(document.label, policies.for_subject(subject, document)) for document in Document],
            pending=policies.pending_for(subject),
            closing=subject.erasures.under_way().first(),
            requests=subject.requests.with_state(),
            sights=sights.of(subject)[:3],
            **kwargs,
        )


def is_objected_to_as_a_whole(purpose):
    """Uses that have topics are refused by topic; those without, as a whole."""
    return RULES[purpose].can_be_objected and not Topic.objects.filter(purpose=purpose).exists()


class Choices:
    """What a person said last, as the page shows it."""

    def __init__(self, subject):
        rows = CurrentState.objects.filter(subject_ref=subject.ref)
        self.states = {(row.matter, row.purpose, row.topic): row for row in rows}
        # The gate gives nothing, not even the minimum, to those who have not attested their measures (R066).
        self.entitled = set(Recipient.objects.valid(timezone.now()).values_list("pk", flat=True))

    def topic(self, topic):
        """A topic is on when it is agreed to, or, where no agreement is needed, not objected to."""
        matter = Matter.CONSENT if RULES[topic.purpose].needs_consent else Matter.OBJECTION
        state = self.states.get((matter, topic.purpose, topic.code))
        needs_consent = matter == Matter.CONSENT
        is_on = bool(state) and state.state == State.GIVEN if needs_consent else not self._is_made(state)
        return {
            "topic": topic,
            "name": topic.name(get_language()),
            "description": topic.description(get_language()),
            "since": state and state.at,
            "is_on": is_on,
            "needs_consent": needs_consent,
            "needs_no_consent": not needs_consent,
        }

    def use(self, purpose):
        state = self.states.get((Matter.OBJECTION, purpose, ""))
        return {"purpose": purpose, "since": state and state.at, "is_on": not self._is_made(state)}

    def recipient(self, recipient):
        state = self.states.get((Matter.OPT_OUT, "", recipient.code))
        return {
            "recipient": recipient,
            "name": recipient.name(get_language()),
            "duties": recipient.duties(get_language()),
            "since": state and state.at,
            "is_on": not self._is_made(state),
            "is_entitled": recipient.pk in self.entitled,
        }

    def _is_made(self, state):
        return bool(state) and state.state == State.MADE


class HeldView(TemplateView):
    """Everything that is held about the person, by kind, with purposes and how long (R092)."""

    template_name = "privacy/held.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(kinds=held.of(self.request.user.subject), **kwargs)


class HeldFileView(View):
    """The same as a file that other programs read."""

    def get(self, request):
        subject = request.user.subject
        data = {
            "format": 1,
            "made_at": timezone.now().isoformat(),
            "subject": str(subject.ref),
            "kinds": [kind.as_data() for kind in held.of(subject)],
        }
        answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
        answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer


class HistoryView(ListView):
    """Every act of the person in the ledger, the newest first."""

    template_name = "privacy/history.html"
    paginate_by = 24
    context_object_name = "events"

    def get_queryset(self):
        return LedgerEvent.objects.filter(subject_ref=self.request.user.ref)

    def get_context_data(self, **kwargs):
        names = {topic.code: topic.name(get_language()) for topic in Topic.objects.all()}
        names |= {recipient.code: recipient.name(get_language()) for recipient in Recipient.objects.all()}
        context = super().get_context_data(**kwargs)
        return context | {"events": [(event, names.get(event.topic, "")) for event in context["events"]]}


class SightsView(TemplateView):
    """Which members of staff and which recipients saw the person's data, and when (C14)."""

    template_name = "privacy/sights.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(sights=sights.of(self.request.user.subject), **kwargs)


REGIONS = [
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
]


class RequestForm(forms.Form):
    collects = {"text": "privacy.Request.text"}

    kind = forms.ChoiceField(label=gettext_lazy("What do you ask for?"), choices=RequestKind, widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("What should we know?"),
        help_text=gettext_lazy("For a correction: what is wrong, and what is right. For a use: which one."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    is_in_europe = forms.ChoiceField(
        label=gettext_lazy("Are you in the European Economic Area or the United Kingdom?"),
        help_text=gettext_lazy("Then the law there holds for your request as well as the Japanese law."),
        choices=REGIONS,
        widget=forms.RadioSelect,
    )

    def clean_is_in_europe(self):
        return self.cleaned_data["is_in_europe"] == "yes"


@method_decorator(reauthentication_required, name="dispatch")
class RequestCreateView(FormView):
    """Ask about one's own data: access, correction, deletion and so on. `?kind=` chooses beforehand.

    Before anything is typed the password is asked again: whoever sits down at somebody's open page asks for nothing
    (R099).
    """

    template_name = "privacy/request_form.html"
    form_class = RequestForm

    def get_initial(self):
        kind = self.request.GET.get("kind")
        return {"kind": kind} if kind in RequestKind else {}

    def form_valid(self, form):
        if not consume(self.request, app="privacy", action="ask", config=LIMITS, user=self.request.user):
            form.add_error(None, _("You have sent many requests within an hour. Wait an hour, then send this one."))
            return self.form_invalid(form)
        said = form.cleaned_data
        regimes = requests.laws(is_in_europe=said.pop("is_in_europe"))
        asked, is_new = requests.receive(self.request.user.subject, **said, regimes=regimes, by=self.request.user)
        if is_new:
            messages.success(
                self.request,
                _("We have received your request %(number)s. You get its number by email, too.") % {"number": asked},
            )
        else:
            messages.info(self.request, _("We have this request already, as %(number)s.") % {"number": asked})
        return redirect("privacy:centre")
