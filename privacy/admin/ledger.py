"""The ledger of what people were told and said, for those who see that the rules are kept. Nobody writes here."""

import json
import uuid

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..ledger import checkpoints
from ..models import LedgerEvent
from .gated import ReadOnlyAdmin


@admin.register(LedgerEvent)
class LedgerEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "matter", "state", "purpose", "topic", "document", "version", "subject_ref"]
    list_filter = ["matter", "state", "purpose"]
    date_hierarchy = "at"
    show_full_result_count = False
    # Named for the search box; found are whole references only.
    search_fields = ["subject_ref", "ref"]
    search_help_text = _("The whole reference of a person or of an event.")
    fields = [
        *["number", "position", "ref", "subject_ref", "matter", "state", "purpose", "topic", "document", "version"],
        *["version_hash", "language", "at", "valid_until", "actor", "method", "proof_as_text", "chain"],
    ]

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        try:
            ref = uuid.UUID(search_term.strip())
        except ValueError:
            return queryset.none(), False
        return queryset.filter(subject_ref=ref) | queryset.filter(ref=ref), False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"checkpoint": checkpoints.newest()} | (extra_context or {}))

    @admin.display(description=_("number"))
    def number(self, event):
        return event.seq

    @admin.display(description=_("position in the chain"))
    def position(self, event):
        return event.link.seq

    @admin.display(description=_("hash of the chain"))
    def chain(self, event):
        return bytes(event.link.hash).hex()

    @admin.display(description=_("proof"))
    def proof_as_text(self, event):
        return format_html("<pre>{}</pre>", json.dumps(event.proof, ensure_ascii=False, indent=2, sort_keys=True))
