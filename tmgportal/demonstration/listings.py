"""What invented operators say of themselves: values by field of a ListingDraft."""

from accounts.places import REGIONS, WHOLE_OF_TOKYO
from directory.taxonomy import GROUP_SIZES as SIZES
from directory.taxonomy import LANGUAGES, MARKETS, MONTHS

from .content import sentences
from .facts import MUNICIPALITY_NAMED, corporate_number
from .prose import domestic_description, domestic_terms, overseas_description, overseas_terms

# What often stands beside a main category.
NEIGHBOURS = {
    "ACC": ("FNB-01", "FNB-08", "EXP-01", "EXP-07", "MIC-02"), "FNB": ("FNB-08", "EXP-03", "FNB-09", "SHP-05"),
    "TRN": ("TRV-02", "GUI-02", "EXP-04", "TRN-03"), "TRV": ("TRV-02", "TRV-05", "GUI-03", "MIC-04", "EXP-04"),
    "EXP": ("EXP-01", "EXP-04", "GUI-02", "SHP-03", "MIC-06"), "ATT": ("ATT-01", "EXP-01", "MIC-03", "SHP-03"),
    "SHP": ("SHP-02", "SHP-03", "EXP-02"), "MIC": ("MIC-03", "MIC-06", "FNB-09", "MIC-05"),
    "GUI": ("GUI-04", "GUI-02", "EXP-04", "GUI-03"), "ORG": ("GUI-02", "EXP-05", "EXP-04"),
    "SVC": ("SVC-03", "SVC-05", "SVC-01"),
}  # fmt: skip
EVERYWHERE = ("TRV", "GUI", "SVC", "TRN-03", "TRN-04", "TRN-09", "MIC-04", "MIC-05", "FNB-09")
ATTRIBUTES = {
    "ACC": ("wi-fi", "cashless", "step-free", "accessible-toilet", "early-late", "net-rates", "vegan", "api"),
    "FNB": ("vegan", "halal", "allergy", "cashless", "step-free", "prayer-space", "kosher", "english-invoices"),
    "TRN": ("early-late", "rain-or-shine", "step-free", "cashless", "net-rates", "wi-fi"),
    "TRV": ("english-invoices", "net-rates", "commission", "api", "halal"),
    "EXP": ("rain-or-shine", "cashless", "commission", "vegan", "early-late", "sign-language"),
    "ATT": ("step-free", "accessible-toilet", "cashless", "rain-or-shine", "sign-language", "wi-fi"),
    "SHP": ("cashless", "wi-fi", "accessible-toilet", "prayer-space", "commission"),
    "MIC": ("wi-fi", "step-free", "accessible-toilet", "halal", "english-invoices", "early-late"),
    "GUI": ("early-late", "rain-or-shine", "english-invoices", "sign-language", "net-rates"),
    "ORG": ("english-invoices", "step-free", "sustainability", "wi-fi"), "SVC": ("english-invoices", "api", "cashless"),
}  # fmt: skip
SEGMENTS = ("fit", "groups", "families", "seniors", "school", "luxury", "incentive", "lgbtq")
# What an operator's own words promise is among its attributes.
PROMISED = {
    "halal": "halal", "vegan": "vegan", "vegetarian": "vegan", "prayer": "prayer-space", "wheels": "step-free",
    "wheelchair": "step-free", "school": "school", "families": "families", "family": "families",
    "children": "families", "incentive": "incentive", "groups": "groups", "coach": "groups",
    "sign language": "sign-language", "night": "early-late", "dawn": "early-late", "API": "api",
}  # fmt: skip
# Largest group by category; without an entry there is no such figure.
CAPACITY = {"ACC": 240, "FNB": 120, "TRN": 90, "EXP": 60, "ATT": 150, "MIC": 800, "GUI": 40}
FOREIGN_LANGUAGES = (
    "zh-Hans", "zh-Hant", "ko", "zh-Hans", "ko", "fr", "th", "es", "de", "yue", "vi", "it", "id", "pt", "ru", "ar",
    "ms", "nl",
)  # fmt: skip
HOME_LANGUAGES = {
    "FR": "fr", "DE": "de", "IT": "it", "ES": "es", "PT": "pt", "NL": "nl", "BE": "nl", "CH": "de", "AT": "de",
    "SE": "sv", "MX": "es", "AR": "es", "CL": "es", "BR": "pt", "KR": "ko", "TW": "zh-Hant", "HK": "yue",
    "CN": "zh-Hans", "TH": "th", "MY": "ms", "ID": "id", "PH": "fil", "VN": "vi", "IN": "hi", "RU": "ru", "AE": "ar",
    "SA": "ar", "QA": "ar", "BH": "ar", "OM": "ar", "KW": "ar",
}  # fmt: skip
WANTED = {
    "wholesaler": "ACC-01 ACC-02 TRN-03 FNB-08 TRV-02 GUI-01", "retail": "ACC-02 EXP-03 EXP-01 ATT-02 TRV-01 SHP-03",
    "online": "EXP-04 EXP-02 ATT-04 TRN-08 TRV-04 EXP-06", "bespoke": "ACC-02 FNB-01 EXP-01 GUI-01 TRN-04 EXP-02",
    "mice": "MIC-03 MIC-02 MIC-06 ACC-01 FNB-09 MIC-04", "educational": "TRV-05 EXP-02 ATT-01 EXP-05 ACC-03 ORG-01",
    "corporate": "ACC-05 ACC-01 TRN-04 GUI-04 MIC-01 FNB-01", "cruise": "TRV-02 TRN-03 GUI-02 TRN-05 EXP-01 ORG-02",
    "transport": "TRV-02 ACC-01 TRN-09 ORG-02 ATT-04 TRN-03", "media": "SVC-03 ORG-02 EXP-02 GUI-04 FNB-05 ATT-06",
    "special-interest": "EXP-02 EXP-05 ACC-07 FNB-10 GUI-01 ATT-02",
    "trade-body": "ORG-02 ORG-04 TRV-02 MIC-01 SVC-01 ORG-01",
}  # fmt: skip
SENT = {"wholesaler": 3, "mice": 2, "cruise": 3, "online": 4, "transport": 4}
GROUPED_MARKETS = {"XN": "SE NO DK FI IS", "XM": "AE SA QA BH OM KW IL TR"}
VISITOR_BANDS = ("v0", "v1", "v100", "v1000", "v10000")
GROUP_SIZES = {
    "wholesaler": "g10 g20 g40", "retail": "g1 g10", "online": "g1", "bespoke": "g1", "mice": "g40 g100",
    "educational": "g20 g40", "corporate": "g1 g10", "cruise": "g40 g100", "transport": "g20 g40", "media": "g1",
    "special-interest": "g10 g20", "trade-body": "g20",
}  # fmt: skip
SEASONS = (
    "03 04 05",
    "03 04",
    "10 11",
    "09 10 11",
    "06 07 08",
    "07 08",
    "12 01 02",
    "01 02",
    "04 05 10 11",
    "03 04 12",
)
# How often buyers look towards each region, in hundredths.
REGIONS_WANTED = {"wards": 50, "tama": 28, "izu": 17, "ogasawara": 5}


def domestic_listing(random, row):
    """Values for a row of `domestic`."""
    category = row["category"]
    heading = category[:3]
    beside = [code for code in NEIGHBOURS[heading] if code != category]
    availability = random.choice(sentences("availability", category))
    words = f"{row['headline_en']} {row['about_en']}"
    # Where its own words give a figure, the listing gives no second one.
    says_a_figure = any(word.strip(",.").replace(",", "").isdigit() for word in words.split())
    largest = None
    if heading in CAPACITY and not says_a_figure:
        largest = 10 + int(CAPACITY[heading] * random.random() ** 1.5) // 5 * 5
    return _texts(row, domestic_description(random, row), availability, domestic_terms(random)) | {
        "categories": [category, *_some(random, beside, 0, 2)],
        "areas": _areas(random, category, MUNICIPALITY_NAMED.get(row["place"])),
        "languages": _in_order(
            LANGUAGES, ["ja", *_some(random, ("en",) * 9 + ("",), 1, 1), *_some(random, FOREIGN_LANGUAGES, 0, 4)]
        ),
        "attributes": _attributes(random, heading, words),
        "capacity_min": random.choice((1, 1, 2, 4, 10)) if largest else None,
        "capacity_max": largest,
        "founded_in": _founded(random, heading),
        "corporate_number": corporate_number(random) if "会社" in row["name_ja"] and random.random() < 0.7 else "",
    }


def overseas_listing(random, row):
    """Values for a row of `overseas`."""
    kind, market = row["buyer_kind"], _market(row["country"])
    looked_for = {
        "buyer_kinds": [kind, *_some(random, [other for other in WANTED if other != kind], 0, 1)],
        "languages": _in_order(
            LANGUAGES, ["en", HOME_LANGUAGES.get(row["country"], "en"), *_some(random, ("ja", "", ""), 1, 1)]
        ),
        "markets": [market, *_some(random, [code for code in ("US", "GB", "AU", "SG", "XM") if code != market], 0, 2)],
        "yearly_visitors": VISITOR_BANDS[min(4, max(0, SENT.get(kind, 2) + random.choice((-1, 0, 0, 1))))],
        "group_sizes": _in_order(SIZES, _some(random, GROUP_SIZES[kind].split(), 1, 3)),
        "segments": _some(random, SEGMENTS, 1, 4),
        "wanted_categories": _some(random, WANTED[kind].split(), 2, 5),
        "wanted_areas": _wanted_areas(random),
        "months": _in_order(MONTHS, random.choice(SEASONS).split()),
        "attributes": _some(random, ("english-invoices", "net-rates", "commission", "halal", "vegan", "api"), 0, 3),
        "founded_in": random.randint(2004 if kind == "online" else 1962, 2021),
    }
    return _texts(row, overseas_description(random, row, looked_for), ("", ""), overseas_terms(random)) | looked_for


def _texts(row, description, availability, terms):
    pairs = {
        "headline": (row["headline_en"], row["headline_ja"]),
        "description": description,
        "availability": availability,
        "terms": terms,
    }
    return {f"{name}_{code}": pair[place] for name, pair in pairs.items() for place, code in enumerate(("en", "ja"))}


def _market(country):
    if country in MARKETS:
        return country
    return next((code for code, countries in GROUPED_MARKETS.items() if country in countries.split()), "XO")


def _attributes(random, heading, words):
    promised = [code for word, code in PROMISED.items() if word in words]
    return list(dict.fromkeys([*promised, *_some(random, SEGMENTS, 1, 4), *_some(random, ATTRIBUTES[heading], 1, 4)]))


def _areas(random, category, municipality):
    if category.startswith(EVERYWHERE) and random.random() < 0.6:
        return [WHOLE_OF_TOKYO]
    home = [municipality.code] if municipality else []
    region = REGIONS[municipality.region if municipality else "tama"]
    near = [place.code for place in region.municipalities if place.code not in home]
    return [*home, *_some(random, near, 0 if home else 1, 3)]


def _wanted_areas(random):
    if random.random() < 0.25:
        return [WHOLE_OF_TOKYO]
    [region] = random.choices(list(REGIONS_WANTED), REGIONS_WANTED.values())
    return _some(random, [place.code for place in REGIONS[region].municipalities], 1, 4)


def _founded(random, heading):
    earliest = 1868 if heading in ("ACC", "FNB", "SHP") else 1951
    return earliest + int((2022 - earliest) * random.random() ** 0.6)


def _some(random, choices, least, most):
    """Between `least` and `most` different ones."""
    choices = list(choices)
    return list(dict.fromkeys(random.sample(choices, min(len(choices), random.randint(least, most)))))


def _in_order(taxonomy, codes):
    return [term.code for term in taxonomy if term.code in codes]
