"""Photos: of a draft, to edit; of what a person may see, to look at."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView, TemplateView

from .. import forms, services
from ..models import Listing, ListingDraft, Photo
from ..photos import WIDTHS
from ..services import files
from .draft import ColleaguesMixin, ManagedDraftMixin


class PhotoListView(ManagedDraftMixin, FormView):
    """The draft's photos in their order, and a form for one more."""

    template_name = "directory/photo_list.html"
    form_class = forms.PhotoForm

    def form_valid(self, form):
        try:
            services.add_photo(
                self.draft,
                form.cleaned_data["file"],
                alternatives=form.alternatives,
                is_decorative=form.cleaned_data["is_decorative"],
                by=self.request.user,
            )
        except ValidationError as refused:
            form.add_error("file", refused)
        except services.TooManyPhotos:
            form.add_error("file", _("A listing shows up to %(limit)d photos. Remove one first") % {"limit": Photo.MAX})
        else:
            messages.success(self.request, _("The photo is added to your draft."))
            return redirect("directory:photo-list", ref=self.draft.ref)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        photos = list(self.draft.photos.all())
        return super().get_context_data(**kwargs, photos=photos, may_add=len(photos) < Photo.MAX, limit=Photo.MAX)


class DraftPhotoMixin(ManagedDraftMixin):
    @cached_property
    def photo(self):
        return get_object_or_404(self.draft.photos.select_related("draft"), ref=self.kwargs["photo"])

    @property
    def back_url(self):
        return reverse("directory:photo-list", args=[self.draft.ref])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs | {"photo": self.photo})


class PhotoUpdateView(ColleaguesMixin, DraftPhotoMixin, FormView):
    """The text alternatives of a photo."""

    template_name = "directory/photo_form.html"
    form_class = forms.AlternativeForm

    @property
    def record(self):
        return self.photo

    def store(self, form):
        try:
            services.describe_photo(self.photo, form.values, seen=form.cleaned_data["seen"], by=self.request.user)
        except Photo.DoesNotExist:
            raise Http404 from None

    def form_valid(self, form):
        if not self.keep(form):
            return self.form_invalid(form)
        messages.success(self.request, _("Saved as a draft. The other side sees it once you publish."))
        return redirect("directory:photo-list", ref=self.draft.ref)


@require_POST
def move_photo(request, ref, photo):
    photos = Photo.objects.filter(draft__in=ListingDraft.objects.managed_by(request.user), draft__ref=ref)
    chosen = get_object_or_404(photos.select_related("draft"), ref=photo)
    services.move_photo(chosen, up=request.POST.get("direction") == "up", by=request.user)
    return redirect("directory:photo-list", ref=ref)


class PhotoRemoveView(DraftPhotoMixin, TemplateView):
    template_name = "components/confirm.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            question=_("Remove this photo?"),
            explanation=self.photo.alternative,
            action=_("Remove"),
            cancel_url=self.back_url,
            is_dangerous=True,
            form=None,
        )

    def post(self, request, ref, photo):
        services.remove_photo(self.photo, by=request.user)
        messages.success(request, _("The photo is removed from your draft."))
        return redirect("directory:photo-list", ref=ref)


@require_safe
def photo(request, ref, name):
    """One of the sizes of a photo, to who may see a listing that shows it or edits a draft that holds it."""
    if name not in WIDTHS or not _may_see(request.user, ref):
        raise Http404
    kind = "image/jpeg" if name.endswith(".jpg") else "image/webp"
    if settings.MEDIA_ACCEL:
        redirect_to = f"{settings.MEDIA_ACCEL}photos/{ref}/{name}"
        response = HttpResponse(content_type=kind, headers={"X-Accel-Redirect": redirect_to})
    else:
        try:
            response = HttpResponse((files.folder(ref) / name).read_bytes(), content_type=kind)
        except FileNotFoundError:
            raise Http404 from None
    response["Cache-Control"] = "private, max-age=300"
    return response


def _may_see(person, ref):
    return (
        (person.is_staff and person.has_perm("directory.view_photo"))
        or Listing.objects.visible_to(person).filter(photo_refs__contains=[ref]).exists()
        or ListingDraft.objects.managed_by(person).filter(photos__ref=ref).exists()
    )
