"""A person's saved partners, with notes: to read, to print, as a file, and side by side."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

from .. import forms, services
from ..models import Listing, SavedListing
from ..shown import Shown
from ..spreadsheet import spreadsheet

PER_PAGE = 20
AT_MOST_COMPARED = 4


def _still_visible(person):
    """What the person saved and may still see; the rest comes back when it is visible again."""
    visible = Listing.objects.visible_to(person)
    return SavedListing.objects.filter(user=person, operator__in=visible.values("operator"))


def _shown(person, saved):
    """[(what is saved, its listing as it is shown)]"""
    operators = [entry.operator_id for entry in saved]
    listings = Listing.objects.visible_to(person).filter(operator__in=operators)
    by_operator = {listing.operator_id: Shown(listing) for listing in listings}
    return [(entry, by_operator[entry.operator_id]) for entry in saved]


class SavedListView(TemplateView):
    """A person's own list, the last saved first."""

    template_name = "directory/saved_list.html"

    def get_context_data(self, **kwargs):
        person = self.request.user
        page = Paginator(_still_visible(person), PER_PAGE).get_page(self.request.GET.get("page"))
        rows = [
            {
                "saved": entry,
                "shown": shown,
                "form": forms.NoteForm(initial={"note": entry.note}, auto_id=f"id_%s_{entry.pk}"),
            }
            for entry, shown in _shown(person, page.object_list)
        ]
        return super().get_context_data(**kwargs, rows=rows, page_obj=page, limit=AT_MOST_COMPARED)


@require_safe
def saved_spreadsheet(request):
    """The whole list as a file for Excel."""
    saved = list(_still_visible(request.user))
    heads = (
        *(_("Name in English"), _("Name in Japanese"), _("Type of business"), _("Location"), _("Homepage")),
        *(_("Your note"), _("Saved on")),
    )
    rows = [
        (
            *(shown.listing.name_en or "", shown.listing.name_ja or "", shown.kind, shown.place),
            *(shown.listing.homepage, entry.note, timezone.localdate(entry.created_at).isoformat()),
        )
        for entry, shown in _shown(request.user, saved)
    ]
    response = HttpResponse(spreadsheet([heads, *rows]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, "saved-partners.csv")
    return response


class CompareView(TemplateView):
    """The chosen listings side by side. Of more than fit, the person is asked which to leave out."""

    template_name = "directory/listing_compare.html"

    def get_context_data(self, **kwargs):
        person = self.request.user
        refs = [ref for ref in map(_read_uuid, self.request.GET.getlist("listing")) if ref]
        listings = Listing.objects.visible_to(person).filter(ref__in=refs).order_by("name", "pk")
        chosen = [Shown(listing) for listing in listings]
        is_too_much = len(chosen) > AT_MOST_COMPARED
        notes = dict(SavedListing.objects.filter(user=person).values_list("operator_id", "note"))
        return super().get_context_data(
            **kwargs,
            chosen=chosen,
            is_too_much=is_too_much,
            limit=AT_MOST_COMPARED,
            rows=[] if is_too_much else _side_by_side(chosen),
            notes=[notes.get(shown.listing.operator_id, "") for shown in chosen],
        )


def _read_uuid(text):
    try:
        return UUID(text)
    except ValueError:
        return None


def _side_by_side(chosen):
    """A row of facts, one of each listing, for everything that is told of one of them at least."""
    rows = zip(*(shown.every_fact for shown in chosen), strict=True)
    return [row for row in rows if any(fact.value for fact in row)]


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
