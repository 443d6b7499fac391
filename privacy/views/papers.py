"""The paper that we asked for: sent from one's own request, or by the link in our letter (R099)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from ..models import Request
from ..requests import papers


class PaperForm(forms.Form):
    collects = {"file": "privacy.SealedPaper.content"}

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A PDF, JPEG or PNG file of up to 5 MB. Cover what we did not ask for."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        # What is empty is said by the same words wherever it is found.
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file")},
    )


class PaperFormView(FormView):
    """POST sends the file; GET only says whether we wait for one."""

    template_name = "privacy/paper_form.html"
    form_class = PaperForm
    by = None

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            asked=self.asked, is_awaited=papers.is_awaited(self.asked), by_link=self.by is None, **kwargs
        )

    def form_valid(self, form):
        try:
            papers.send(self.asked, form.cleaned_data["file"], by=self.by)
        except ValidationError as refusal:
            form.add_error("file", refusal)
            return self.form_invalid(form)
        return self.sent()


@method_decorator(never_cache, name="dispatch")
class PaperView(PaperFormView):
    """Somebody else's request looks like one that does not exist."""

    def setup(self, request, ref):
        super().setup(request, ref=ref)
        if request.user.is_authenticated:
            self.by = request.user
            self.asked = get_object_or_404(Request, subject=request.user.subject_id, ref=ref)

    def sent(self):
        messages.success(self.request, _("We have your file. Only the privacy officers can open it."))
        return redirect("privacy:request", self.asked.ref)


@method_decorator(never_cache, name="dispatch")
class PaperByLinkView(PaperFormView):
    """Who has the signed address can send a file, and sees nothing but the number of the request."""

    def setup(self, request, token):
        super().setup(request, token=token)
        self.asked = papers.read(token)
        if self.asked is None:
            raise Http404

    def sent(self):
        return render(self.request, "privacy/paper_sent.html", {"asked": self.asked})
