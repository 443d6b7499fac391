"""Descriptions, composed from sentences: each operator has one of its own, the others come from its place and trade."""

from accounts import places
from directory.taxonomy import CATEGORIES, MONTHS

from .content import sentences

# The order in which the parts of a description follow each other; "/" begins a new paragraph.
DOMESTIC_ORDERS = (
    ("about", "place", "offer", "/", "practice", "closing"),
    ("place", "about", "offer", "offer", "/", "practice"),
    ("about", "offer", "offer", "/", "place", "practice", "closing"),
    ("place", "about", "/", "offer", "practice", "closing"),
    ("about", "offer", "/", "place", "offer", "practice"),
)
OVERSEAS_ORDERS = (
    ("about", "buyer", "/", "wants", "contact"),
    ("about", "buyer", "buyer", "/", "wants", "contact"),
    ("buyer", "about", "/", "wants", "buyer", "contact"),
    ("about", "/", "buyer", "wants", "contact"),
)


def domestic_description(random, row):
    """(English, Japanese) for a row of `domestic`."""
    return _composed(
        random,
        random.choice(DOMESTIC_ORDERS),
        {
            "about": [(row["about_en"], row["about_ja"])],
            "place": sentences("place", row["place"]),
            "offer": sentences("offer", row["category"]),
            "practice": sentences("practice", row["category"]),
            "closing": sentences("closing"),
        },
    )


def overseas_description(random, row, listing):
    """(English, Japanese) for a row of `overseas`, naming what its `listing` looks for."""
    # Who looks at the whole of Tokyo has no places to name.
    everywhere = places.WHOLE_OF_TOKYO in listing["wanted_areas"]
    wanted = [_named(pair, listing) for pair in sentences("wants") if not (everywhere and "{areas}" in pair[0])]
    return _composed(
        random,
        random.choice(OVERSEAS_ORDERS),
        {
            "about": [(row["about_en"], row["about_ja"])],
            "buyer": sentences("buyer", row["buyer_kind"]),
            "wants": wanted,
            "contact": sentences("contact"),
        },
    )


def domestic_terms(random):
    return _terms(random, sentences("terms", "domestic"))


def overseas_terms(random):
    return _terms(random, sentences("terms", "overseas"))


def _terms(random, choices):
    figures = {"deposit": random.choice((10, 15, 20, 30)), "days": random.choice((3, 5, 7, 10, 14))}
    return tuple(text.format(**figures) for text in random.choice(choices))


def _composed(random, order, parts):
    """Both languages of the same sentences; none comes twice."""
    left = {name: random.sample(list(choices), len(choices)) for name, choices in parts.items()}
    chosen = [("/", "/") if name == "/" else left[name].pop() for name in order if name == "/" or left[name]]
    english = " ".join(en for en, _ja in chosen).replace(" / ", "\n\n")
    return english, "".join(ja for _en, ja in chosen).replace("/", "\n\n")


def _named(pair, listing):
    """A sentence with the names of what the listing looks for, at most three of each."""
    filled = []
    for language, text in zip(("en", "ja"), pair, strict=True):
        names = {
            "areas": [places.label(code, language) for code in listing["wanted_areas"]],
            "categories": CATEGORIES.names(listing["wanted_categories"], language),
            "months": MONTHS.names(listing["months"], language),
        }
        filled.append(text.format(**{name: _listed(name, values[:3], language) for name, values in names.items()}))
    return tuple(filled)


def _listed(kind, names, language):
    if language == "ja":
        return "、".join(names)
    if kind == "categories":
        # A list of headings: some have commas of their own.
        return "; ".join(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
