"""Receipts: their holder downloads them, and anybody checks them, without a log-in (L01)."""

from datetime import datetime

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, get_language_info, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.generic import FormView, TemplateView

from ..ledger import keys, receipts
from ..models import Document, LedgerEvent, Matter, Recipient, State, Topic
from ..purposes import Purpose

ACTORS = {
    "self": gettext_lazy("the person themselves"),
    "guardian": gettext_lazy("a parent or guardian"),
    "portal": gettext_lazy("this website"),
    "staff": gettext_lazy("a member of the city's staff"),
}
METHODS = {
    "form": gettext_lazy("on a page of this website"),
    "mail link": gettext_lazy("by the link in an email"),
    "paper": pgettext_lazy("how somebody decided", "on paper"),
    "signal": gettext_lazy("by a signal of the browser"),
}


@require_safe
def download(request, ref):
    """The receipt of one of the person's own events, as a file."""
    own = LedgerEvent.objects.filter(subject_ref=request.user.ref).select_related("link")
    event = get_object_or_404(own, ref=ref, link__isnull=False)
    answer = HttpResponse(receipts.signed(receipts.receipt_of(event)), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{event.ref}.json"'
    return answer


class ReceiptForm(forms.Form):
    # Either will do, so neither is marked as optional.
    optional_fields = frozenset()
    file = forms.FileField(label=gettext_lazy("File of the receipt"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Or the text in it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def clean(self):
        if not self.errors and not (self.cleaned_data["file"] or self.cleaned_data["text"]):
            self.add_error("file", _("Choose the file of the receipt, or paste its text below."))
        return self.cleaned_data

    def receipt(self):
        """What was handed in, as text; what is no text, or far too long, is handed on as an empty one."""
        file = self.cleaned_data["file"]
        if not file:
            return self.cleaned_data["text"]
        try:
            return file.read().decode("utf-8-sig") if file.size <= receipts.LARGEST else ""
        except UnicodeDecodeError:
            return ""


class ReceiptVerifyView(FormView):
    """Says whether a receipt is genuine, and then what it says. Nothing of it is kept."""

    template_name = "privacy/receipt_verify.html"
    form_class = ReceiptForm

    def form_valid(self, form):
        answer = receipts.check(form.receipt())
        context = self.get_context_data(form=self.form_class(), verdict=answer.verdict.value)
        if answer.receipt:
            context |= {"facts": list(facts(answer.receipt)), "stands": stands_in_the_ledger(answer.receipt)}
        return self.render_to_response(context)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"verdict": "", "facts": [], "stands": False} | kwargs)


def stands_in_the_ledger(receipt):
    """Whether the ledger holds, at the same position, the same event."""
    event = LedgerEvent.objects.filter(ref=receipt["event"], link__isnull=False).select_related("link").first()
    return event is not None and receipts.receipt_of(event) == receipt


def facts(receipt):
    """What a genuine receipt says: (label, value) in the language of the page; moments as `datetime`."""
    actor, _colon, reference = receipt["actor"].partition(":")
    yield _("What it is about"), _label(Matter, receipt["matter"])
    yield _("What was said"), _label(State, receipt["state"])
    if receipt["purpose"]:
        yield _("For what"), _label(Purpose, receipt["purpose"])
    if receipt["topic"]:
        yield _("Topic or recipient"), _name(receipt["matter"], receipt["topic"])
    if receipt["version"]:
        # What is said about a use is said under the policy that describes it.
        described = Document.COOKIES if receipt["matter"] == Matter.COOKIES else Document.PRIVACY
        document = receipt["document"] or described
        yield _("Version that was shown"), f"{_label(Document, document)} {receipt['version']}"
        yield _("Fingerprint of the version"), receipt["version_hash"]
    yield _("When"), datetime.fromisoformat(receipt["at"])
    if receipt["valid_until"]:
        yield _("Valid until"), datetime.fromisoformat(receipt["valid_until"])
    yield _("By whom"), f"{ACTORS.get(actor, actor)} {reference}".strip()
    yield _("How"), METHODS.get(receipt["method"], receipt["method"])
    if receipt["language"]:
        yield _("Language"), get_language_info(receipt["language"])["name_translated"]
    yield _("Number of the person in the ledger"), receipt["subject"]
    yield _("Number of the event"), receipt["event"]
    yield _("Position in the ledger"), receipt["position"]


def _label(choices, value):
    # A receipt may be older than the words we use today.
    return choices(value).label if value in choices else value


def _name(matter, code):
    source = Recipient if matter == Matter.OPT_OUT else Topic
    found = source.objects.filter(code=code).first()
    return found.name(get_language()) if found else code


class KeysView(TemplateView):
    """The public keys with which receipts and checkpoints are checked."""

    template_name = "privacy/receipt_keys.html"

    def get_context_data(self, **kwargs):
        present, *former = keys.trusted()
        return super().get_context_data(present=present, former=former, **kwargs)


@require_safe
@cache_control(public=True, max_age=3600)
def key_file(request):
    """The present public key as PEM."""
    return HttpResponse(keys.public().pem, content_type="application/x-pem-file")
