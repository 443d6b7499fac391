from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView, ListView

from accounts.models import Operator
from directory.models import Listing
from directory.shown import Shown

from . import services
from .forms import IntroductionForm, ReportForm
from .models import Introduction

CAPS = {
    "person": gettext_lazy("You have sent as many introductions today as one person may. Try again tomorrow."),
    "operator": gettext_lazy("Your business has sent as many introductions today as it may. Try again tomorrow."),
    "pair": gettext_lazy("You have written to this business three times in a week. Wait for its answer."),
}


class IntroductionListView(ListView):
    """What the operator one acts for has received and sent."""

    paginate_by = 20

    def get_queryset(self):
        operator = self.request.user.acting_for
        received = self.request.GET.get("box") != "sent"
        introductions = Introduction.objects.filter(**{"recipient" if received else "sender": operator})
        if operator is None:
            introductions = introductions.none()
        return introductions.select_related("sender", "recipient")

    def get_context_data(self, **kwargs):
        box = "sent" if self.request.GET.get("box") == "sent" else "received"
        context = super().get_context_data(box=box, **kwargs)
        for introduction in context["object_list"]:
            partner = introduction.recipient if box == "sent" else introduction.sender
            introduction.partner_name = partner.name(get_language())
        return context


class IntroductionDetailView(DetailView):
    slug_field = slug_url_kwarg = "ref"

    def get_queryset(self):
        return Introduction.objects.of(self.request.user.acting_for).select_related("sender", "recipient")

    def get_context_data(self, **kwargs):
        operator = self.request.user.acting_for
        is_received = self.object.recipient_id == operator.pk
        partner = self.object.sender if is_received else self.object.recipient
        return super().get_context_data(
            is_received=is_received,
            partner_name=partner.name(get_language()),
            listing=Listing.objects.visible_to(self.request.user).filter(operator=partner).first(),
            **kwargs,
        )


class IntroductionCreateView(FormView):
    """Write to the operator of a listing that one may see. Readers of an operator do not write for it."""

    form_class = IntroductionForm
    template_name = "networking/introduction_form.html"

    @cached_property
    def listing(self):
        return get_object_or_404(Listing.objects.visible_to(self.request.user), ref=self.kwargs["ref"])

    @cached_property
    def sender(self):
        return get_object_or_404(
            Operator.objects.managed_by(self.request.user).in_cross_view(),
            pk=self.request.user.acting_for_id,
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            listing=self.listing,
            listing_name=Shown(self.listing).name,
            sender_name=self.sender.name(get_language()),
            received=self.received,
            **kwargs,
        )

    @property
    def received(self):
        """What the other operator wrote last: whoever answers wants to read it again."""
        letters = Introduction.objects.filter(sender=self.listing.operator, recipient=self.sender)
        return letters.order_by("-pk").first()

    def form_valid(self, form):
        try:
            introduction = services.introduce(
                self.sender,
                self.listing.operator,
                by=self.request.user,
                **form.cleaned_data,
            )
        except services.TooMany as cap:
            form.add_error(None, CAPS[cap.args[0]])
            return self.render_to_response(self.get_context_data(form=form), status=429)
        except services.SentDifferently:
            form.add_error(
                "text",
                _("This form was already sent with another text. Open a new one to write again."),
            )
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, _("Your introduction is on its way."))
        return redirect("networking:introduction-detail", introduction.ref)


class IntroductionReportView(FormView):
    form_class = ReportForm
    template_name = "networking/introduction_report.html"

    @cached_property
    def introduction(self):
        received = Introduction.objects.filter(recipient=self.request.user.acting_for_id)
        return get_object_or_404(received.select_related("sender"), ref=self.kwargs["ref"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            introduction=self.introduction,
            sender_name=self.introduction.sender.name(get_language()),
            **kwargs,
        )

    def form_valid(self, form):
        services.report(self.introduction, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Thank you. The secretariat will look at it."))
        return redirect("networking:introduction-detail", self.introduction.ref)
