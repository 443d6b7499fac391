from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from privacy.admin import ReadOnlyAdmin
from privacy.purposes import Purpose

from .models import Listing, Photo
from .shown import Shown


@admin.register(Listing)
class ListingAdmin(ReadOnlyAdmin):
    """What is published. Staff read it and the operator writes it; nobody sees a suspended operator's."""

    list_display = ["name", "side", "municipality_or_country", "licence_checked_on", "updated_at"]
    list_filter = ["side", "licence_checked_on", "updated_at"]
    search_fields = ["name_en", "name_ja"]
    ordering = ["-updated_at", "-pk"]
    date_hierarchy = "updated_at"
    list_select_related = ["operator"]
    purpose = Purpose.NETWORKING

    @admin.display(description=_("Location"))
    def municipality_or_country(self, listing):
        return Shown(listing).place


@admin.register(Photo)
class PhotoAdmin(ReadOnlyAdmin):
    """What operators show, to find what should not be there."""

    list_display = ["ref", "draft", "alternative", "created_at"]
    list_filter = ["is_decorative", "created_at"]
    search_fields = ["draft__operator__business_name"]
    ordering = ["-created_at"]
    list_select_related = ["draft__operator"]
    purpose = Purpose.NETWORKING
    readonly_fields = ["picture"]

    @admin.display(description=_("Photo"))
    def picture(self, photo):
        url = reverse("directory:photo", args=[photo.ref, "480.webp"])
        return format_html('<img src="{}" alt="{}">', url, photo.alternative)
