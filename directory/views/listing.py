"""What the other side has published: the list, a listing, its print and its card."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, TemplateView

from accounts.models import Operator
from accounts.sides import Side
from privacy import usage

from .. import facets
from ..contact import contact_of
from ..models import Listing, SavedListing
from ..models.content import LANGUAGES
from ..search import SORTS, search
from ..shown import Shown
from ..vcard import vcard as vcard_text


class ListingListView(TemplateView):
    """Search, filters and cards. Whoever may see nothing reads why."""

    template_name = "directory/listing_list.html"

    def get_context_data(self, **kwargs):
        person, query = self.request.user, self.request.GET
        side = person.side_across() or (Side.DOMESTIC if person.side != Side.DOMESTIC else Side.OVERSEAS)
        groups = facets.groups_of(side)
        results = search(
            person, query.get("q", ""), facets.selected(groups, query), query.get("page", 1), query.get("sort", "")
        )
        self._count(results)
        listings = [Shown(listing) for listing in results.page]
        return super().get_context_data(
            **kwargs,
            side=side,
            may_see=person.side_across() is not None or person.is_staff and person.has_perm("directory.view_listing"),
            results=results,
            page_obj=results.page,
            listings=listings,
            saved=saved_operators(person),
            groups=facets.drawn(groups, results),
            chips=facets.chips(groups, results, query),
            sorts=self._sorts(results),
            is_narrowed=bool(results.query or results.selected),
        )

    def _count(self, results):
        """Only the first look: the pages and filters that follow ask for the same."""
        if results.query and [name for name, value in self.request.GET.items() if value] == ["q"]:
            usage.count(usage.SEARCH, results.query, get_language(), self.request.user)

    def _sorts(self, results):
        labels = {
            "relevance": _("Best match"),
            "updated": _("Recently updated"),
            "name": pgettext("sort order", "Name"),
        }
        return [
            {"value": sort, "label": labels[sort], "selected": sort == results.sort}
            for sort in SORTS
            if sort != "relevance" or results.query
        ]


class VisibleListingMixin:
    """One listing that the person may see; anything else does not exist for them."""

    slug_field = slug_url_kwarg = "ref"
    context_object_name = "listing"

    def get_queryset(self):
        return Listing.objects.visible_to(self.request.user).select_related("operator__contact")


class ListingDetailView(VisibleListingMixin, DetailView):
    template_name = "directory/listing_detail.html"

    def get_context_data(self, **kwargs):
        person = self.request.user
        return super().get_context_data(**kwargs, **page_of(self.object, person, side=person.side))


def page_of(listing, reader, *, side):
    """The context of a listing's page, published or preview, as it is shown to `side`."""
    return {
        "shown": Shown(listing),
        "contact": contact_of(
            listing.operator, side=side, by=reader, surface="listing preview" if listing.pk is None else "listing"
        ),
        "saved": saved_operators(reader),
        "is_preview": listing.pk is None,
        "may_write": Operator.objects.managed_by(reader).filter(pk=reader.acting_for_id).exists(),
    }


class ListingPrintView(VisibleListingMixin, DetailView):
    """One sheet of A4 in both languages, to take to a meeting."""

    template_name = "directory/listing_print.html"

    def get_context_data(self, **kwargs):
        languages = [Shown(self.object, language) for language in LANGUAGES]
        reader = self.request.user
        contact = contact_of(self.object.operator, side=reader.side, by=reader, surface="listing print")
        return super().get_context_data(**kwargs, languages=languages, contact=contact)


@require_safe
def vcard(request, ref):
    """The business card of a listing, as a file for an address book."""
    visible = Listing.objects.visible_to(request.user).select_related("operator__contact")
    listing = get_object_or_404(visible, ref=ref)
    shown = Shown(listing)
    response = HttpResponse(
        vcard_text(
            shown, contact_of(listing.operator, side=request.user.side, by=request.user, surface="business card")
        ),
        content_type="text/vcard; charset=utf-8",
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{shown.name}.vcf")
    return response


def saved_operators(person):
    return set(SavedListing.objects.filter(user=person).values_list("operator_id", flat=True))
