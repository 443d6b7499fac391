"""The sections of a draft, photos, filters and notes."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import licences, places
from accounts.fields import MultiLineField, ReadField, SingleLineField, WholeNumberField
from accounts.fingerprint import fingerprint
from accounts.models import ShownContact

from .taxonomy import (
    ATTRIBUTES,
    BUYER_KINDS,
    CATEGORIES,
    GROUP_SIZES,
    LANGUAGES,
    MARKETS,
    MONTHS,
    SEGMENTS,
    VISITOR_BANDS,
)

MAX_CATEGORIES = 5
# Code points; a Japanese text says about as much in half of them.
LIMITS = {
    "headline": {"en": 60, "ja": 30},
    "description": {"en": 1200, "ja": 600},
    "availability": {"en": 200, "ja": 100},
    "terms": {"en": 400, "ja": 200},
    "alternative": {"en": 200, "ja": 100},
}


class Codes(forms.MultipleChoiceField):
    """Any of a list of codes, as check boxes in columns; kept in the order of the list."""

    def __init__(self, choices, **kwargs):
        widget = forms.CheckboxSelectMultiple(attrs={"class": "columns"})
        super().__init__(choices=choices, required=False, widget=widget, **kwargs)

    def clean(self, value):
        chosen = set(super().clean(value))
        return [code for code, _name in flat(self.choices) if code in chosen]


def flat(choices):
    """[(value, name)] without the headings."""
    for value, name in choices:
        yield from name if isinstance(name, list | tuple) else [(value, name)]


def with_none(choices):
    """A list for a select of which nothing may be chosen, asked again for every reader."""
    return lambda: [("", _("Select one")), *choices()]


def in_language(language, name, field, **kwargs):
    """A text field for one language, with that language's limit: said below a line, counted below a text area."""
    limit = LIMITS[name][language]
    if not issubclass(field, MultiLineField):
        kwargs["help_text"] = format_lazy(_("Up to {limit} characters"), limit=limit)
    made = field(required=False, max_length=limit, **kwargs)
    made.max_length = made.limit
    made.widget.attrs["lang"] = language
    return made


class CorporateNumberField(ReadField):
    input_attrs = {"inputmode": "numeric", "size": "18"}

    def read(self, text):
        return licences.corporate_number(text)


class RecordForm(forms.Form):
    """Some fields of a record that colleagues write too: a section of the draft, a photo, the operator's choice.

    `seen` tells what the person started from: nobody unknowingly overwrites a colleague.
    """

    # The fields of the record that the form holds.
    STORED = ()
    optional_fields = frozenset()

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, data=None, *, record):
        self.record = record
        super().__init__(data, initial=self.stored() | {"seen": fingerprint(record, self.STORED)})

    def stored(self):
        """What the fields of the form show of the record."""
        return {name: getattr(self.record, name) for name in self.STORED}

    @property
    def values(self):
        """What was entered, as the record keeps it."""
        return {name: self.cleaned_data[name] for name in self.STORED}


class TextsForm(RecordForm):
    """What is read: both languages side by side."""

    STORED = ("headline_en", "headline_ja", "description_en", "description_ja")

    headline_en = in_language("en", "headline", SingleLineField, label=_("Headline in English"))
    headline_ja = in_language("ja", "headline", SingleLineField, label=_("Headline in Japanese"))
    description_en = in_language("en", "description", MultiLineField, label=_("Description in English"))
    description_ja = in_language("ja", "description", MultiLineField, label=_("Description in Japanese"))


class TermsForm(RecordForm):
    """When a business is open and how it trades."""

    STORED = ("availability_en", "availability_ja", "terms_en", "terms_ja")

    availability_en = in_language("en", "availability", SingleLineField, label=_("Season and closed days in English"))
    availability_ja = in_language("ja", "availability", SingleLineField, label=_("Season and closed days in Japanese"))
    terms_en = in_language("en", "terms", MultiLineField, label=_("Terms of business in English"))
    terms_ja = in_language("ja", "terms", MultiLineField, label=_("Terms of business in Japanese"))


class CategoriesForm(RecordForm):
    """What a Tokyo business is. The main category comes first."""

    STORED = ("categories",)

    main_category = forms.ChoiceField(
        label=_("Main type of business"), choices=with_none(CATEGORIES.choices), required=False
    )
    other_categories = Codes(
        CATEGORIES.choices, label=_("Other types of business"), help_text=_("Choose up to four more.")
    )

    def stored(self):
        main, *others = self.record.categories or [""]
        return {"main_category": main, "other_categories": others}

    @property
    def values(self):
        main, others = self.cleaned_data["main_category"], self.cleaned_data["other_categories"]
        return {"categories": list(dict.fromkeys(filter(None, [main, *others])))}

    def clean_other_categories(self):
        others = self.cleaned_data["other_categories"]
        if len(set(others) - {self.cleaned_data.get("main_category")}) >= MAX_CATEGORIES:
            raise ValidationError(_("Choose four other types of business or fewer"))
        return others


class AreasForm(RecordForm):
    """Where a Tokyo business works."""

    STORED = ("areas",)

    areas = Codes(places.area_choices, label=_("Areas you serve"))


class OfferForm(RecordForm):
    """What a Tokyo business offers."""

    STORED = ("languages", "attributes", "capacity_min", "capacity_max", "founded_in", "corporate_number")

    languages = Codes(LANGUAGES.choices, label=_("Languages you speak"))
    attributes = Codes(ATTRIBUTES.choices, label=_("Good to know"))
    capacity_min = WholeNumberField(
        label=_("Smallest group"),
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs={"size": "8"}),
    )
    capacity_max = WholeNumberField(
        label=_("Largest group"),
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs={"size": "8"}),
    )
    founded_in = WholeNumberField(
        label=_("Year founded"),
        required=False,
        min_value=500,
        max_value=2100,
        widget=forms.TextInput(attrs={"size": "6"}),
    )
    corporate_number = CorporateNumberField(
        label=_("Corporate number"), required=False, help_text=_("13 digits. Sole traders have none: leave it empty.")
    )

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("capacity_min"), cleaned.get("capacity_max")
        if low and high and low > high:
            self.add_error("capacity_max", _("The largest group cannot be smaller than the smallest one"))
        return cleaned


class BuyerForm(RecordForm):
    """What an overseas travel business is."""

    STORED = ("buyer_kinds", "languages", "markets", "yearly_visitors", "founded_in")

    buyer_kinds = Codes(BUYER_KINDS.choices, label=_("Kind of travel business"))
    languages = Codes(LANGUAGES.choices, label=_("Languages you speak"))
    markets = Codes(MARKETS.choices, label=_("Markets you sell to"))
    yearly_visitors = forms.ChoiceField(
        label=_("Visitors you send to Japan a year"), choices=with_none(VISITOR_BANDS.choices), required=False
    )
    founded_in = WholeNumberField(
        label=_("Year founded"),
        required=False,
        min_value=1500,
        max_value=2100,
        widget=forms.TextInput(attrs={"size": "6"}),
    )


class WantedForm(RecordForm):
    """What an overseas travel business looks for."""

    STORED = ("wanted_categories", "segments", "group_sizes", "months")

    wanted_categories = Codes(CATEGORIES.choices, label=_("What you are looking for"))
    segments = Codes(SEGMENTS.choices, label=_("Your travellers"))
    group_sizes = Codes(GROUP_SIZES.choices, label=_("Group sizes"))
    months = Codes(MONTHS.choices, label=_("Months of travel"))


class WantedAreasForm(RecordForm):
    """Where in Tokyo an overseas travel business looks for it."""

    STORED = ("wanted_areas",)

    wanted_areas = Codes(places.area_choices, label=_("Areas that interest you"))


class ContactForm(RecordForm):
    """What the other side sees of the contact data. It holds at once, not from the next publication on."""

    STORED = ("shown_contact",)

    shown_contact = Codes(ShownContact.choices, label=_("Shown to approved businesses of the other side"))

    def __init__(self, data=None, *, record):
        super().__init__(data, record=record)
        registered = {*record.reviewed_fields, ShownContact.ADDRESS}
        self.fields["shown_contact"].choices = [kind for kind in ShownContact.choices if kind[0] in registered]


class DescriptionForm(forms.Form):
    """What is read out instead of a photo."""

    alternative_en = in_language("en", "alternative", SingleLineField, label=_("What the photo shows, in English"))
    alternative_ja = in_language("ja", "alternative", SingleLineField, label=_("What the photo shows, in Japanese"))
    is_decorative = forms.BooleanField(label=_("The photo is only decoration"), required=False)
    optional_fields = frozenset({"is_decorative"})

    def clean(self):
        cleaned = super().clean()
        described = cleaned.get("alternative_en") or cleaned.get("alternative_ja")
        if not (described or cleaned.get("is_decorative") or self.errors):
            self.add_error(
                "alternative_en", _("Say what the photo shows, in one language at least, or mark it as decoration")
            )
        return cleaned

    @property
    def alternatives(self):
        return {name: self.cleaned_data[name] for name in ("alternative_en", "alternative_ja")}


class AlternativeForm(DescriptionForm, RecordForm):
    """What is read out instead of a photo of the draft."""

    STORED = ("alternative_en", "alternative_ja", "is_decorative")


class PhotoForm(DescriptionForm):
    """A new photo."""

    file = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP, up to 8 MB. People in it must have agreed to be shown."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": _("Choose a photo"),
            "empty": _("Choose a JPEG, PNG or WebP file"),
            "invalid": _("Choose a JPEG, PNG or WebP file"),
            "missing": _("Choose a photo"),
        },
    )
    field_order = ["file", "alternative_en", "alternative_ja", "is_decorative"]


class NoteForm(forms.Form):
    """A person's own note beside what they saved."""

    collects = {"note": "directory.SavedListing.note"}
    note = MultiLineField(
        label=_("Your note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
