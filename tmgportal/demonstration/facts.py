"""The registered facts of invented operators: addresses, telephones, licences, persons in charge."""

import unicodedata

from django.utils.text import slugify

from accounts import licences
from accounts.models import LicenceState
from accounts.places import MUNICIPALITIES, TOKYO

from .content import rows, sentences

MUNICIPALITY_NAMED = {place.name_ja: place for place in MUNICIPALITIES.values()}
# The few that have no office in Tokyo (C13): prefecture and telephone.
ELSEWHERE = {"甲府市": ("19", "+81551"), "三浦市": ("14", "+81451"), "香取市": ("12", "+81478")}
ISLAND_TELEPHONES = {
    "大島町": "+814992", "利島村": "+814992", "新島村": "+814992", "神津島村": "+814992",
    "三宅村": "+814994", "御蔵島村": "+814994", "八丈町": "+814996", "青ヶ島村": "+814996", "小笠原村": "+814998",
}  # fmt: skip
# Who inspects kitchens and inns; the wards, Hachioji and Machida have health centres of their own.
HEALTH_CENTRES = {
    "西多摩": "青梅市 福生市 羽村市 あきる野市 瑞穂町 日の出町 檜原村 奥多摩町",
    "多摩立川": "立川市 昭島市 国分寺市 国立市 東大和市 武蔵村山市",
    "多摩府中": "武蔵野市 三鷹市 府中市 調布市 小金井市 狛江市",
    "南多摩": "日野市 多摩市 稲城市",
    "多摩小平": "小平市 東村山市 清瀬市 東久留米市 西東京市",
    "島しょ": "大島町 利島村 新島村 神津島村 三宅村 御蔵島村 八丈町 青ヶ島村 小笠原村",
}
# Kind of licence by category.
LICENCES = {
    "ACC-01": "hotel", "ACC-02": "hotel", "ACC-03": "simple-lodging", "ACC-04": "simple-lodging", "ACC-05": "hotel",
    "ACC-06": "home-sharing", "ACC-07": "hotel", "ACC-08": "simple-lodging", "FNB": "restaurant", "FNB-10": "alcohol",
    "TRN-03": "charter-bus", "TRN-04": "taxi", "TRN-07": "car-rental", "TRV-02": "travel-arrangement",
    "TRV-03": "travel-agency", "TRV-04": "travel-3", "TRV-05": "travel-2", "GUI-01": "guide", "SHP-02": "duty-free",
    "MIC-04": "travel-3",
}  # fmt: skip
EMPLOYEES = {
    "ACC": (3, 24), "ACC-01": (28, 210), "ACC-05": (6, 60), "FNB": (3, 60), "TRN": (5, 240), "TRV": (3, 120),
    "EXP": (1, 30), "ATT": (6, 110), "SHP": (2, 26), "SHP-01": (90, 420), "SHP-02": (20, 110), "MIC": (8, 190),
    "GUI": (1, 60), "ORG": (3, 18), "SVC": (2, 45),
}  # fmt: skip
# The log-ins that the demonstration prints have short addresses.
SHORT_EMAILS = {
    "有限会社入舟館": "tokyo@demo.example",
    "Atelier Quatre Saisons Voyages": "paris@demo.example",
    "株式会社石神井ライナー": "applicant@demo.example",
}
LEGAL_FORMS = (
    "Co., Ltd.",
    "Inc.",
    "LLC",
    "LLP",
    "GmbH",
    "Ltd",
    "SARL",
    "S.r.l.",
    "S.L.",
    "B.V.",
    "AG",
    "AB",
    "Oy",
    "ApS",
)


def domestic_facts(random, number, row):
    """Values by field of a Tokyo registration, for a row of `domestic`."""
    town = random.choice([town for town in rows("towns") if town["place"] == row["place"]])
    municipality = MUNICIPALITY_NAMED.get(row["place"])
    prefecture = TOKYO if municipality else ELSEWHERE[row["place"]][0]
    street = f"{town['town_ja']}{_block(random, row['place'])}"
    family, given = _person(random, number, "JP")
    domain, homepage = _web(number, row["name_en"])
    kanji = f"{family.split()[0]} {given.split()[0]}"
    head_family, head_given = _person(random, number + 7, "JP")
    return {
        "business_name": row["name_ja"],
        "business_name_romanised": row["name_en"],
        "postcode": town["postcode"],
        "prefecture": prefecture,
        "city": row["place"],
        "street_address": street,
        "telephone": _japanese_telephone(random, row["place"]),
        "homepage": homepage,
        "has_no_homepage": not homepage,
        "employees": _employees(random, row, municipality),
        "has_tokyo_office": municipality is not None,
        "tokyo_municipality": municipality.code if municipality else "",
        "tokyo_address": f"{row['place']}{street}" if municipality else "",
        "representative_name": kanji if number % 3 == 0 else f"{head_family.split()[0]} {head_given.split()[0]}",
        "contact_name": kanji,
        "contact_telephone": _japanese_telephone(random, row["place"]),
        "contact_email": SHORT_EMAILS.get(row["name_ja"])
        or f"{_slug(given.split()[1])}.{_slug(family.split()[1])}@{domain}",
    } | _licence_facts(random, row)


def overseas_facts(random, number, row):
    """Values by field of an overseas registration, for a row of `overseas`."""
    city = next(city for city in rows("cities") if (city["country"], city["city"]) == (row["country"], row["city"]))
    family, given = _person(random, number, row["country"])
    domain, homepage = _web(number, row["name"])
    # There the family name comes first.
    names = (family, given) if row["country"] in ("KR", "CN", "TW", "VN") else (given, family)
    return {
        "business_name": row["name"],
        "country": row["country"],
        "region": city["region"],
        "city": row["city"],
        "postcode": city["postcode"],
        "street_address": city["street"].format(n=random.randint(91, 399)),
        "telephone": _filled(random, city["telephone"]),
        "homepage": homepage,
        "has_no_homepage": not homepage,
        "employees": _skewed(random, *((1, 14) if row["buyer_kind"] in ("bespoke", "media") else (4, 220))),
        "contact_name": " ".join(names),
        "contact_email": SHORT_EMAILS.get(row["name"]) or f"{_slug(given)}.{_slug(family)}@{domain}",
    }


def corporate_number(random):
    """A well-formed 法人番号 whose registry office, 9900, does not exist."""
    body = f"9900{random.randrange(10**8):08d}"
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(body)))
    return licences.corporate_number(f"{9 - total % 9}{body}")


def _licence_facts(random, row):
    category, place = row["category"], row["place"]
    kind = LICENCES.get(category) or LICENCES.get(category[:3])
    if category == "TRV-01":
        kind = (
            "travel-regional"
            if MUNICIPALITY_NAMED[place].region in ("izu", "ogasawara")
            else random.choice(("travel-1", "travel-2", "travel-2", "travel-3"))
        )
    if category == "GUI-02":
        kind = random.choice(("local-guide", None))
    if kind is None:
        # The file gives a reason per trade; the applicant writes in Japanese.
        reason = sentences("reason", category)[-1][1]
        return {"licence_state": LicenceState.NOT_NEEDED, "licences": [], "licence_reason": reason}
    if row["state"] != "draft" and random.random() < 0.06:
        return {"licence_state": LicenceState.FOLLOWS, "licences": [], "licence_reason": ""}
    found = [_licence(random, kind, place)]
    if category == "ACC-02" and random.random() < 0.5:
        found.append(_licence(random, "restaurant", place))
    return {"licence_state": LicenceState.HELD, "licences": found, "licence_reason": ""}


def _licence(random, kind, place):
    """Numbers begin with 98: far above any that was ever granted."""
    serial = f"98{random.randrange(1000):03d}"
    numbers = {
        "guide": f"EN{serial}",
        "home-sharing": f"M1398{random.randrange(10**5):05d}",
        "charter-bus": f"関自旅一第{serial}号",
        "taxi": f"関自旅二第{serial}号",
        "alcohol": f"酒類指令第{serial}号",
    }
    free = licences.FORMS[licences.KINDS[kind].number] == licences.FORMS["free"]
    authority = licences.KINDS[kind].default_authority or _authority(kind, place)
    number = licences.check(kind, authority, numbers.get(kind, f"第{serial}号" if free else serial))
    return {"kind": kind, "authority": authority, "number": number}


def _authority(kind, place):
    if kind in ("hotel", "simple-lodging", "restaurant"):
        centre = next((name for name, served in HEALTH_CENTRES.items() if place in served.split()), None)
        return f"東京都{centre}保健所" if centre else f"{place}保健所"
    return {
        "home-sharing": f"{place}長",
        "local-guide": f"{place}",
        "charter-bus": "関東運輸局長",
        "taxi": "関東運輸局長",
        "car-rental": "東京運輸支局長",
        "alcohol": "所轄税務署長",
        "duty-free": "所轄税務署長",
    }[kind]


def _employees(random, row, municipality):
    category = row["category"]
    least, most = EMPLOYEES.get(category) or EMPLOYEES[category[:3]]
    is_remote = municipality and municipality.kind in ("town", "village")
    return _skewed(random, least, 12 if is_remote else most)


def _block(random, place):
    """Within a town: chome, block and house, or one number where places are not divided."""
    municipality = MUNICIPALITY_NAMED.get(place)
    if municipality is None or municipality.region in ("izu", "ogasawara") or municipality.kind in ("town", "village"):
        return f"{random.randint(9100, 9899)}番地"
    return f"{random.randint(1, 3)}丁目{random.randint(91, 99)}番{random.randint(1, 28)}号"


def _japanese_telephone(random, place):
    municipality = MUNICIPALITY_NAMED.get(place)
    if place in ISLAND_TELEPHONES:
        prefix = ISLAND_TELEPHONES[place] + "1"
    elif municipality and (municipality.region == "wards" or place == "狛江市"):
        prefix = "+8131"
    else:
        prefix = "+81421" if municipality else ELSEWHERE[place][1]
    return _filled(random, prefix + "#" * (12 - len(prefix)))


def _filled(random, pattern):
    return "".join(str(random.randrange(10)) if sign == "#" else sign for sign in pattern)


def _person(random, number, country):
    """(family, given) that fit the country; `number` spreads the family names evenly."""
    people = next(row for row in rows("people") if country in row["country"].split())
    families, given = people["family"].split(","), people["given"].split(",")
    return families[number % len(families)], random.choice(given)


def _web(number, name):
    """(domain, homepage) of a business; one in twelve has no homepage."""
    for form in LEGAL_FORMS:
        name = name.removesuffix(f" {form}")
    domain = f"{_slug(name)}.example"
    return domain, "" if number % 12 == 11 else f"https://www.{domain}/"


def _slug(text):
    """Latin letters without marks; those that do not decompose are spelt out."""
    for letter, spelt in {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "þ": "th",
                          "Þ": "Th", "ð": "d", "æ": "ae", "&": "and", "'": ""}.items():  # fmt: skip
        text = text.replace(letter, spelt)
    return slugify(unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode())


def _skewed(random, least, most):
    """Most businesses are small."""
    return least + int((most - least) * random.random() ** 2.2)
