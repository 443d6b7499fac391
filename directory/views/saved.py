"""A person's saved partners, with notes."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from .. import forms, services
from ..models import Listing, SavedListing
from ..shown import Shown


class SavedListView(TemplateView):
    """Only what the person may still see is listed; the rest comes back when it is visible again."""

    template_name = "directory/saved_list.html"

    def get_context_data(self, **kwargs):
        person = self.request.user
        saved = SavedListing.objects.filter(user=person)
        listings = Listing.objects.visible_to(person).filter(operator__in=saved.values("operator"))
        by_operator = {listing.operator_id: listing for listing in listings}
        rows = [
            {
                "saved": entry,
                "shown": Shown(by_operator[entry.operator_id]),
                "form": forms.NoteForm(initial={"note": entry.note}, prefix=None, auto_id=f"id_%s_{entry.pk}"),
            }
            for entry in saved
            if entry.operator_id in by_operator
        ]
        return super().get_context_data(**kwargs, rows=rows)


def _visible(request, ref):
    return get_object_or_404(Listing.objects.visible_to(request.user), ref=ref)


def _back(request, default):
    url = request.POST.get("next", "")
    # Whatever does not begin so, `redirect` takes for the name of a page.
    safe = url.startswith("/") and url_has_allowed_host_and_scheme(
        url, allowed_hosts=None, require_https=request.is_secure()
    )
    return redirect(url if safe else default)


@require_POST
def save_listing(request, ref):
    listing = _visible(request, ref)
    services.remember(listing, by=request.user)
    messages.success(request, _("%(name)s is saved.") % {"name": Shown(listing).name})
    return _back(request, listing)


@require_POST
def forget_listing(request, ref):
    listing = _visible(request, ref)
    services.forget(listing, by=request.user)
    messages.success(request, _("%(name)s is no longer saved.") % {"name": Shown(listing).name})
    return _back(request, listing)


@require_POST
def note_listing(request, ref):
    """Keep the note. One that is too long is not cut: the person reads why, with what they typed."""
    listing = _visible(request, ref)
    saved = get_object_or_404(SavedListing, user=request.user, operator=listing.operator_id)
    form = forms.NoteForm(request.POST, auto_id=f"id_%s_{saved.pk}")
    if not form.is_valid():
        context = {"shown": Shown(listing), "form": form, "cancel_url": reverse("directory:saved-list")}
        return render(request, "directory/note_form.html", context)
    services.note(saved, form.cleaned_data["note"], by=request.user)
    messages.success(request, _("Your note is saved."))
    return redirect("directory:saved-list")
