"""What a draft still lacks, as a list of things to do. One list: the page of the draft, its publication, my page."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.sides import Side

from .models import ListingDraft
from .models.content import LANGUAGES, other


@dataclass(frozen=True)
class Task:
    """`section` of the draft's pages where it is done; without it the listing cannot be published if `is_needed`."""

    name: str
    label: str
    section: str
    is_done: bool
    is_needed: bool = False


def tasks(draft):
    """Everything a listing is better for, in the order of the page."""
    has = {name: any(getattr(draft, f"{name}_{language}") for language in LANGUAGES) for name in draft.TRANSLATED}
    pictures = list(draft.photos.all())
    found = [
        Task("headline", _("Write a headline"), "texts", has["headline"], is_needed=True),
        Task("description", _("Describe your business"), "texts", has["description"]),
        Task(
            "second language",
            _("Write the texts in the second language"),
            "texts",
            all(state == WRITTEN for _name, _language, state in language_states(draft)),
        ),
    ]
    if draft.operator.side == Side.DOMESTIC:
        found += [
            Task("categories", _("Choose your type of business"), "categories", bool(draft.categories), is_needed=True),
            Task("areas", _("Choose the areas you serve"), "areas", bool(draft.areas)),
        ]
    else:
        found += [
            Task("buyer kinds", _("Choose your kind of travel business"), "offer", bool(draft.buyer_kinds), True),
            Task("wanted", _("Say what you are looking for"), "wanted", bool(draft.wanted_categories)),
        ]
    return [
        *found,
        Task("languages", _("Choose the languages you speak"), "offer", bool(draft.languages)),
        Task("photos", _("Add a photo"), "photos", bool(pictures)),
        Task(
            "alternatives",
            _("Describe every photo in both languages"),
            "photos",
            not any(photo.is_half_described for photo in pictures),
        ),
        Task(
            "contact",
            _("Choose which contact data is shown"),
            "contact",
            bool(draft.operator.shown_contact),
        ),
    ]


def missing_before_publishing(draft):
    return [task for task in tasks(draft) if task.is_needed and not task.is_done]


WRITTEN, MISSING, OUTDATED = "written", "missing", "outdated"


def language_states(draft):
    """(field, language, state) of every translated field that has a text in one language at least."""
    return [
        (name, language, _state(draft, name, language))
        for name in ListingDraft.TRANSLATED
        if any(getattr(draft, f"{name}_{code}") for code in LANGUAGES)
        for language in LANGUAGES
    ]


def _state(draft, name, language):
    if not getattr(draft, f"{name}_{language}"):
        return MISSING
    return OUTDATED if draft.outdated.get(name) == language else WRITTEN


def outdated_after(draft, before):
    """`draft.outdated` after a change; `before` ({"headline_en": old text}) holds what was replaced."""
    outdated = dict(draft.outdated)
    for name in ListingDraft.TRANSLATED:
        written = {code for code in LANGUAGES if getattr(draft, f"{name}_{code}")}
        new = {code for code in LANGUAGES if f"{name}_{code}" in before}
        if len(written) < 2 or len(new) == 2 or outdated.get(name) in new:
            outdated.pop(name, None)
        elif any(before[f"{name}_{code}"] for code in new):
            outdated[name] = other(*new)
    return outdated
