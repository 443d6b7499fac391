"""A listing as a reader of one language meets it. Without prose in that language it is told from its facts."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts import bands, countries, fields, places
from accounts.sides import Side

from .models.content import other
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


def day(moment):
    """The day of a moment, in the reader's format."""
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


@dataclass(frozen=True)
class Text:
    """What is written and the language it is written in; false when nothing is."""

    text: str
    language: str

    def __bool__(self):
        return bool(self.text)

    def __str__(self):
        return self.text


@dataclass(frozen=True)
class Fact:
    """A label and its value. The label is in the reader's language, the value in `language`."""

    label: str
    value: str
    language: str


class Shown:
    """`listing` for a reader of `language`. Unsaved previews are shown in the same way."""

    def __init__(self, listing, language=None):
        self.listing = listing
        self.language = language or translation.get_language()

    def text(self, name):
        """The text of a field in the reader's language, or else in the other one."""
        for language in (self.language, other(self.language)):
            if written := getattr(self.listing, f"{name}_{language}"):
                return Text(written, language)
        return Text("", self.language)

    @cached_property
    def name(self):
        return self.text("name").text

    @cached_property
    def other_name(self):
        """The name as the readers of the other language know it, where it differs."""
        name = getattr(self.listing, f"name_{other(self.language)}")
        return Text(name if name != self.name else "", other(self.language))

    @property
    def headline(self):
        return self.text("headline")

    @property
    def description(self):
        return self.text("description")

    @property
    def own_description(self):
        return getattr(self.listing, f"description_{self.language}") or ""

    @cached_property
    def is_only_in_other_language(self):
        """Prose there is, but none of it in the reader's language."""
        texts = [text for text in (self.headline, self.description) if text]
        return bool(texts) and all(text.language != self.language for text in texts)

    @property
    def needs_sentence(self):
        """Without a headline of their language, readers are told the facts in a sentence."""
        return self.headline.language != self.language or not self.headline

    @property
    def prose_language(self):
        return other(self.language)

    @property
    def only_note(self):
        """「日本語のみ / Japanese only」: that the prose is in the other language only, in both languages."""
        notes = {"ja": ("日本語のみ", "Japanese only"), "en": ("English only", "英語のみ")}
        return notes[self.prose_language]

    @property
    def language_name(self):
        return {"en": "English", "ja": "日本語"}[self.language]

    @property
    def updated(self):
        return day(self.listing.updated_at)

    @cached_property
    def kind(self):
        """What the business is, in a few words."""
        if self.listing.side == Side.DOMESTIC:
            return CATEGORIES.name(self.listing.categories[0], self.language) if self.listing.categories else ""
        return BUYER_KINDS.name(self.listing.buyer_kinds[0], self.language) if self.listing.buyer_kinds else ""

    @cached_property
    def place(self):
        """Where it is: the municipality in Tokyo, the country abroad."""
        if self.listing.side == Side.DOMESTIC:
            return places.label(self.listing.municipality, self.language)
        return countries.name(self.listing.country, self.language)

    @property
    def eyebrow(self):
        return " · ".join(filter(None, [self.kind, self.place]))

    @property
    def plate(self):
        """The code of the pattern that stands where there is no photo."""
        listing = self.listing
        categories = listing.categories if listing.side == Side.DOMESTIC else listing.wanted_categories
        return categories[0][:3] if categories else "SVC"

    @cached_property
    def sentence(self):
        """The listing in one or two sentences made of its facts."""
        with translation.override(self.language):
            values = {"name": self.name, "kind": self.kind, "place": self._whole_place()}
            if self.kind and values["place"]:
                sentence = _("%(name)s: %(kind)s in %(place)s.") % values
            else:
                sentence = _("%(name)s.") % values
            if self.listing.languages:
                spoken = self._names(LANGUAGES, self.listing.languages)
                sentence = f"{sentence} " + _("Languages spoken: %(languages)s.") % {"languages": spoken}
            return sentence.strip()

    def _whole_place(self):
        if self.listing.side == Side.OVERSEAS and self.listing.city:
            return _("%(city)s, %(country)s") % {"city": self.listing.city, "country": self.place}
        return self.place

    @cached_property
    def summary(self):
        """For a card: the headline in the reader's language, or the sentence."""
        headline = self.headline
        return headline if headline and headline.language == self.language else Text(self.sentence, self.language)

    @property
    def tags(self):
        """At most three: the first languages, and what the business is good at."""
        languages = [code for code in self.listing.languages if code != "ja"][:2]
        return [LANGUAGES.name(code, self.language) for code in languages] + [
            ATTRIBUTES.name(code, self.language) for code in self.listing.attributes[: 3 - len(languages)]
        ]

    @property
    def licence_check(self):
        """ "Licence checked, Nov 2026", or "" (never "verified": staff looked at a register on that day)."""
        if not self.listing.licence_checked_on:
            return ""
        with translation.override(self.language):
            month = date_format(self.listing.licence_checked_on, "YEAR_MONTH_FORMAT")
            return _("Licence checked, %(month)s") % {"month": month}

    @cached_property
    def pictures(self):
        """For components/gallery.html. The text alternative is in the reader's language, or else in the other one."""
        return [
            {
                "url": reverse("directory:photo", args=[photo["ref"], "960.webp"]),
                "small_url": reverse("directory:photo", args=[photo["ref"], "480.webp"]),
                "alt": ""
                if photo["is_decorative"]
                else photo[f"alternative_{self.language}"] or photo[f"alternative_{other(self.language)}"],
                "width": photo["width"],
                "height": photo["height"],
            }
            for photo in self.listing.photos
        ]

    @property
    def licences(self):
        return [licence[self.language] for licence in self.listing.licences]

    @property
    def written_homepage(self):
        return fields.written_homepage(self.listing.homepage) if self.listing.homepage else ""

    @property
    def facts(self):
        """What is told of the business besides prose, as a list of `Fact`; nothing empty among them."""
        return [fact for fact in self.every_fact if fact.value]

    @cached_property
    def every_fact(self):
        """Also the empty ones: the same labels in the same order for every listing, to put them side by side."""
        with translation.override(self.language):
            found = [Fact(label, value, self.language) for label, value in self._facts()]
            for label, name in ((_("Season and closed days"), "availability"), (_("Terms of business"), "terms")):
                text = self.text(name)
                found.append(Fact(label, text.text, text.language))
            return found

    def _facts(self):
        listing = self.listing
        yield _("Type of business"), self._names(CATEGORIES, listing.categories)
        yield _("Kind of travel business"), self._names(BUYER_KINDS, listing.buyer_kinds)
        yield _("Location"), self._whole_place()
        yield _("Areas served"), self._join(places.label(code, self.language) for code in listing.areas)
        yield _("Languages spoken"), self._names(LANGUAGES, listing.languages)
        yield _("Looking for"), self._names(CATEGORIES, listing.wanted_categories)
        yield (
            _("Areas of interest"),
            self._join(places.label(code, self.language) for code in listing.wanted_areas),
        )
        yield _("Kinds of traveller"), self._names(SEGMENTS, listing.segments)
        yield _("Group sizes"), self._names(GROUP_SIZES, listing.group_sizes)
        yield _("Months of travel"), self._names(MONTHS, listing.months)
        yield _("Markets sold to"), self._names(MARKETS, listing.markets)
        yield _("Visitors sent to Japan"), self._names(VISITOR_BANDS, filter(None, [listing.yearly_visitors]))
        yield _("Group size"), self._capacity()
        for heading in ATTRIBUTES.headings:
            chosen = [code for code in listing.attributes if ATTRIBUTES[code].parent == heading.code]
            yield heading.name(self.language), self._names(ATTRIBUTES, chosen)
        yield _("Employees"), bands.label(listing.employees_band, self.language) if listing.employees_band else ""
        yield _("Founded"), str(listing.founded_in or "")
        yield _("Corporate number"), _grouped(listing.corporate_number)

    def _capacity(self):
        low, high = self.listing.capacity_min, self.listing.capacity_max
        if low and high:
            return _("%(low)d to %(high)d people") % {"low": low, "high": high}
        if high:
            return _("Up to %(high)d people") % {"high": high}
        return _("From %(low)d people") % {"low": low} if low else ""

    def _names(self, taxonomy, codes):
        return self._join(taxonomy.names(codes, self.language))

    def _join(self, names):
        return ("、" if self.language == "ja" else ", ").join(names)


def _grouped(number):
    """A corporate number as it is written: 1-4-4-4 digits."""
    return "-".join(filter(None, [number[:1], number[1:5], number[5:9], number[9:]]))
