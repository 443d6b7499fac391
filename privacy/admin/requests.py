"""The workbench: the queue of what people ask about their own data, and the page on which officers answer."""

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Subquery
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from .. import requests
from ..models import ENDED, Outcome, Request, RequestEvent, RequestState, Step
from ..purposes import Purpose
from ..requests import checklist, clocks, copies, effects, states
from ..requests.reasons import GROUNDS, REFUSALS, USE, Extension, Identity, in_words
from .acts import Acts, admin_url
from .finder import MAY_FIND, finder_view
from .gated import MASK, ReadOnlyAdmin, masked, sees_personal_fields
from .intake import Intake
from .packages import Copies

MAY_ANSWER = "privacy.change_request"


class LetterField(forms.CharField):
    """A text of several lines that the person reads as it is written."""

    widget = forms.Textarea(attrs={"rows": 8})

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


def _several(label, choices, **options):
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **options
    )


class NoteForm(forms.Form):
    """The letter has its sentences already."""

    text = LetterField(
        label=gettext_lazy("What else to say"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Becomes a part of the letter; use the person’s language."),
    )


class CompletionForm(forms.Form):
    text = LetterField(
        label=gettext_lazy("What is missing?"),
        max_length=2000,
        help_text=gettext_lazy("Becomes a part of the letter; use the person’s language."),
    )


class IdentityForm(forms.Form):
    how = forms.ChoiceField(
        label=gettext_lazy("How is it settled who asks?"),
        # A log-in and a code settle it by themselves.
        choices=[(how.value, how.label) for how in (Identity.UNDOUBTED, Identity.DOCUMENT, Identity.NOT_PROVEN)],
        widget=forms.RadioSelect,
    )


class ExtensionForm(NoteForm):
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons"),
        choices=Extension,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Said to the person in their language."),
    )
    field_order = ["reasons", "text"]


class DecisionForm(forms.Form):
    """What is asked depends on the kind of the request, what is needed on the answer: nothing is marked as optional."""

    optional_fields = frozenset()

    outcome = forms.ChoiceField(label=gettext_lazy("Decision"), choices=Outcome, widget=forms.RadioSelect)

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.introduction = _(
            "What is granted happens at once. The answer is written in the next step, with the reasons chosen here."
        )
        if asked.kind in GROUNDS:
            grounds = [(ground.value, _coded(ground)) for ground in GROUNDS[asked.kind]]
            self.fields["grounds"] = _several(_("Grounds on which the law grants it"), grounds)
        uses = [(purpose.value, purpose.label) for purpose in effects.uses_of(asked.kind)]
        if uses:
            self.fields["uses"] = _several(_("Uses that are meant"), uses)
        refusals = [(refusal.value, _coded(refusal)) for refusal in REFUSALS[asked.kind]]
        self.fields["refusals"] = _several(
            _("Why it, or a part of it, is refused"), refusals, help_text=_("Said to the person in their language.")
        )


class AnswerForm(forms.Form):
    text = LetterField(
        label=gettext_lazy("Answer"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=gettext_lazy("Sent as written; use the person’s language."),
    )


class AnotherCopyForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("Kept in the audit. Do not name anybody."),
    )


class MergeForm(forms.Form):
    original = forms.ModelChoiceField(
        label=gettext_lazy("Which request answers this one?"), queryset=None, widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["original"].queryset = _the_same(asked)


def _the_same(asked):
    return Request.objects.open().filter(subject=asked.subject_id, kind=asked.kind).exclude(pk=asked.pk)


def _coded(reason):
    """An officer reads the article as well, where the code names one."""
    law, _space, article = reason.value.partition(" ")
    return f"{reason.label} ({law} {article.split()[0]})" if law in ("GDPR", "APPI") else reason.label


class StateFilter(admin.SimpleListFilter):
    """The queue, unless something else is asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("overdue", _("Overdue")), *RequestState.choices, ("all", _("All"))]

    def choices(self, changelist):
        still_open, *others = super().choices(changelist)
        yield still_open | {"display": _("Still open")}
        yield from others

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset.exclude(state__in=ENDED)
            case "all":
                return queryset
            case "overdue":
                return queryset.unanswered().filter(due_on__lt=timezone.localdate())
        return queryset.filter(state=self.value())


class OfficerFilter(admin.SimpleListFilter):
    """Who looks after it: whoever took a step after its receipt."""

    title = gettext_lazy("looked after by")
    parameter_name = "officer"

    def lookups(self, request, model_admin):
        return [("me", _("Me")), ("nobody", _("Nobody yet"))]

    def queryset(self, request, queryset):
        taken = RequestEvent.objects.filter(request=OuterRef("pk"), by__is_staff=True).exclude(step=Step.RECEIVED)
        match self.value():
            case "me":
                return queryset.filter(Exists(taken.filter(by=request.user)))
            case "nobody":
                return queryset.filter(~Exists(taken))
        return queryset


# What an officer does next, where several steps are open; and what ends a request without an answer.
NEXT = ["complete", "acknowledge", "settle_identity", "begin_review", "decide", "deliver", "close"]
WITHOUT_ANSWER = ["merge", "withdraw", "abandon"]

# {act: (service, title, the step it takes, if it takes one)}
ACTS = {
    "acknowledge": (requests.acknowledge, gettext_lazy("Confirm that you look after it"), Step.ACKNOWLEDGED),
    "ask_document": (requests.ask_document, gettext_lazy("Ask for a document of identity"), Step.DOCUMENT_ASKED),
    "settle_identity": (requests.settle_identity, gettext_lazy("Settle who asks"), Step.IDENTITY_SETTLED),
    "ask_completion": (requests.ask_completion, gettext_lazy("Ask for what is missing"), Step.COMPLETION_ASKED),
    "complete": (requests.complete, gettext_lazy("What was missing has come"), Step.COMPLETED),
    "begin_review": (requests.begin_review, gettext_lazy("Begin the review"), Step.REVIEWED),
    "extend": (requests.extend, gettext_lazy("Extend the time"), Step.EXTENDED),
    "decide": (requests.decide, gettext_lazy("Decide"), Step.DECIDED),
    "deliver": (requests.deliver, gettext_lazy("Write the answer"), Step.DELIVERED),
    "close": (requests.close, gettext_lazy("Close the request"), Step.CLOSED),
    "merge": (requests.merge, gettext_lazy("Answer it with another request"), Step.DUPLICATE),
    "withdraw": (requests.withdraw, gettext_lazy("The person takes it back"), Step.WITHDRAWN),
    "abandon": (requests.abandon, gettext_lazy("The person gave it up"), Step.ABANDONED),
    "tell_of_lifting": (
        requests.tell_of_lifting,
        gettext_lazy("Tell the person that the restriction will end"),
        Step.LIFTING_TOLD,
    ),
    "lift_restriction": (requests.lift_restriction, gettext_lazy("End the restriction"), Step.LIFTED),
    "allow_another_copy": (requests.allow_another_copy, gettext_lazy("Have another copy made"), None),
}


@admin.register(Request)
class RequestAdmin(Intake, Copies, Acts, ReadOnlyAdmin):
    """The queue of requests, by the day on which the law wants them answered, and the page on which officers answer."""

    list_display = ["number", "due", "law", "kind", "state", "target", "channel", "received_at"]
    list_filter = [StateFilter, OfficerFilter, "kind", "channel"]
    search_fields = ["=pk"]
    search_help_text = gettext_lazy("The last digits of the number")
    show_full_result_count = False
    date_hierarchy = "received_at"
    personal_fields = ["text", "name", "email", "entered_by"]
    purpose, subject = Purpose.RIGHTS, "subject"
    # The page is `page.html`, which draws the fields itself.
    fields = ["kind"]
    change_form_template = "admin/privacy/request/page.html"
    change_list_template = "admin/privacy/request/queue.html"
    acts = {act: (service, title) for act, (service, title, _step) in ACTS.items()}
    shown_again = {"decide"}
    consequences = {
        "acknowledge": gettext_lazy("Nobody is written to. The steps show that somebody looks after it."),
        "ask_document": gettext_lazy(
            "The person gets a letter with a link by which to send it. No time stops for that."
        ),
        "settle_identity": gettext_lazy("Where it is not proven who asks, the request can only be refused."),
        "ask_completion": gettext_lazy(
            "The person gets this letter. Under the Japanese law the days until they answer do not count."
        ),
        "complete": gettext_lazy("The days under the Japanese law count again from now on."),
        "begin_review": gettext_lazy("Nobody is written to. From here on it can be decided."),
        "extend": gettext_lazy("The person gets a letter with the new day and the reasons. It can be done once."),
        "deliver": gettext_lazy("The letter goes out at once, in the person’s language, and cannot be taken back."),
        "close": gettext_lazy("Nobody is written to. The request leaves the queue."),
        "merge": gettext_lazy("This request ends, and the other one answers it."),
        "withdraw": gettext_lazy("The request ends, and nothing more is done about it."),
        "abandon": gettext_lazy("The request ends, because the person did not answer."),
        "tell_of_lifting": gettext_lazy("The person gets a letter; only then can the restriction end."),
        "allow_another_copy": gettext_lazy(
            "People can have one copy of a kind in a week; this one is made nevertheless, and the audit says who "
            "allowed it. Nobody is written to: tell the person that it can be had as the one before."
        ),
        "lift_restriction": gettext_lazy("Their data may be used again from this moment on."),
    }

    def get_urls(self):
        return [path("finder/", self.admin_site.admin_view(finder_view), name="privacy_finder"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        links = {"may_find": request.user.has_perm(MAY_FIND)}
        return super().changelist_view(request, links | (extra_context or {}))

    def get_queryset(self, request):
        newest = RequestEvent.objects.filter(request=OuterRef("pk")).order_by("-pk")
        return (
            super().get_queryset(request).with_state().annotate(governed_by=Subquery(newest.values("governed_by")[:1]))
        )

    def get_ordering(self, request):
        # An expression: the list is ordered before it knows the state.
        newest = RequestEvent.objects.filter(request=OuterRef("pk")).order_by("-pk")
        return [Subquery(newest.values("due_on")[:1]).asc(), "pk"]

    @admin.display(description=gettext_lazy("number"), ordering="pk")
    def number(self, asked):
        return asked.number

    @admin.display(description=gettext_lazy("due by law"), ordering="due_on")
    def due(self, asked):
        day = date_format(asked.due_on)
        if asked.is_answered:
            return "–"
        return format_html('{} <strong class="tag no">{}</strong>', day, _("Overdue")) if asked.is_overdue else day

    @admin.display(description=gettext_lazy("law that sets the day"))
    def law(self, asked):
        names = {rule.law: rule.name for rule in clocks.load()}
        return "–" if asked.is_answered else names.get(asked.governed_by, asked.governed_by)

    @admin.display(description=gettext_lazy("our own target"), ordering="internal_on")
    def target(self, asked):
        return "–" if asked.is_answered else date_format(asked.internal_on)

    @admin.display(description=gettext_lazy("state"))
    def state(self, asked):
        return asked.state_in_words

    def acts_on(self, request, asked):
        if not request.user.has_perm(MAY_ANSWER):
            return []
        events = list(asked.events.order_by("pk"))
        return [
            act
            for act, (*_act, step) in ACTS.items()
            if (step is None or states.is_legal(step, events)) and self._makes_sense(act, asked)
        ]

    def _makes_sense(self, act, asked):
        match act:
            case "lift_restriction":
                return asked.events.filter(step=Step.LIFTING_TOLD).exists() and effects.is_restricted(asked.subject)
            case "tell_of_lifting":
                return asked.kind in effects.RESTRICTED_AT_ONCE and effects.is_restricted(asked.subject)
            case "allow_another_copy":
                return copies.can_have_another(asked)
            case "merge":
                return _the_same(asked).exists()
        return True

    def act_form(self, act, asked, data):
        match act:
            case "ask_document" | "tell_of_lifting":
                return NoteForm(data)
            case "settle_identity":
                return IdentityForm(data)
            case "ask_completion":
                return CompletionForm(data)
            case "extend":
                return ExtensionForm(data)
            case "decide":
                return DecisionForm(data, asked=asked)
            case "deliver":
                return AnswerForm(data, initial={"text": requests.draft_of_answer(asked)})
            case "allow_another_copy":
                return AnotherCopyForm(data)
            case "merge":
                return MergeForm(data, asked=asked)
        return forms.Form(data)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        asked = self.get_object(request, object_id) if object_id else None
        context = self._page(request, asked) if asked else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def _page(self, request, asked):
        sees = sees_personal_fields(request, asked)
        events = list(asked.events.select_related(*(["by"] if sees else [])).order_by("pk"))
        due = clocks.due(asked, events)
        return {
            "title": _("Request"),
            "newest": events[-1],
            "due": due,
            "why": list(due.governing.in_words()),
            "groups": _groups(asked, self.acts_on(request, asked), events),
            "others": [clock for clock in due.clocks if clock != due.governing],
            "from_whom": {name: (getattr(asked, name) if sees else MASK) for name in ("name", "email", "text")},
            "asker": _asker(request, asked, sees),
            "may_find": sees and request.user.has_perm(MAY_FIND),
            "answer_language": get_language_info(asked.language)["name_translated"],
            "checklist": checklist.of(asked),
            "steps": [
                {
                    "event": event,
                    "by": _who(event, sees),
                    "reasons": in_words(event.codes),
                    "uses": [Purpose(code.removeprefix(USE)).label for code in event.codes if code.startswith(USE)],
                }
                for event in events
            ],
            "letters": [
                {"letter": letter, "text": letter.text if sees else MASK}
                for letter in asked.letters.select_related("event", "message").order_by("-pk")
            ],
        }


def _who(event, sees):
    return str(event.by or "") if sees else masked(event, event._meta.get_field("by")) or ""


def _groups(asked, acts, events):
    """[(title, [(label, address)], whether it is the likely next step)] of the `acts` that may be done now."""
    taken = {event.step for event in events}
    likely = [act for act in NEXT if act in acts and ACTS[act][2] not in taken][:1]
    others = [act for act in acts if act not in (*likely, *WITHOUT_ANSWER)]
    ends = [act for act in acts if act in WITHOUT_ANSWER]
    groups = [(_("Next"), likely), (_("Other steps"), others), (_("End it without an answer"), ends)]
    return [
        (title, [(ACTS[act][1], admin_url(asked, "act", act)) for act in chosen], chosen is likely)
        for title, chosen in groups
        if chosen
    ]


def _asker(request, asked, sees):
    """The account of whoever the request is about: {"email", "url"}; None without one. A mask for who may not see it,
    and an address only for who may open the page of people."""
    person = get_user_model().objects.filter(subject=asked.subject_id).first()
    if person is None:
        return None
    may_open = admin.site.get_model_admin(type(person)).has_view_permission(request, person)
    return {"email": person.email if sees else MASK, "url": admin_url(person) if may_open else ""}
