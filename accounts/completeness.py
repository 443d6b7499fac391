"""Which answers a registration still lacks. One list, read by the task list, the check page and the submission."""

from .models.business import LicenceState
from .sides import Side

STEPS = {
    Side.DOMESTIC: {
        "business": [
            "business_name",
            "business_name_romanised",
            "postcode",
            "prefecture",
            "city",
            "street_address",
            "telephone",
            "homepage",
            "has_no_homepage",
            "employees",
            "representative_name",
        ],
        "tokyo-office": ["has_tokyo_office", "tokyo_municipality", "tokyo_address"],
        "licences": ["licence_state", "licences", "licence_reason"],
        "contact": ["contact_name", "contact_telephone", "contact_email"],
    },
    Side.OVERSEAS: {
        "business": [
            "business_name",
            "country",
            "street_address",
            "city",
            "region",
            "postcode",
            "telephone",
            "homepage",
            "has_no_homepage",
            "employees",
            "contact_name",
            "contact_email",
        ]
    },
}
ALWAYS = {
    Side.DOMESTIC: [
        "business_name",
        "postcode",
        "prefecture",
        "city",
        "street_address",
        "telephone",
        "employees",
        "representative_name",
        "has_tokyo_office",
        "licence_state",
        "contact_name",
        "contact_telephone",
        "contact_email",
    ],
    Side.OVERSEAS: [
        "business_name",
        "country",
        "street_address",
        "city",
        "telephone",
        "employees",
        "contact_name",
        "contact_email",
    ],
}


def missing_fields(registration):
    """The names of the fields that must be answered before `registration` can be sent, in the order of the form."""
    asked = list(ALWAYS[registration.SIDE])
    if not registration.has_no_homepage:
        asked.append("homepage")
    if registration.SIDE == Side.DOMESTIC:
        if registration.has_tokyo_office:
            asked += ["tokyo_municipality", "tokyo_address"]
        if registration.licence_state == LicenceState.HELD:
            asked.append("licences")
        elif registration.licence_state == LicenceState.NOT_NEEDED:
            asked.append("licence_reason")
    order = [name for names in STEPS[registration.SIDE].values() for name in names]
    return sorted((name for name in asked if not _is_answered(registration, name)), key=order.index)


def _is_answered(registration, name):
    value = getattr(registration, name)
    if name == "licences":
        return bool(value) and all(row["kind"] and row["authority"] and row["number"] for row in value)
    return value not in ("", None)


def is_beside_the_point(record, name):
    """Whether another answer of `record` (a registration or an operator) leaves nothing to say on the field `name`.

    While that answer is open, what somebody has said already is still shown.
    """
    match name:
        case "homepage":
            return record.has_no_homepage
        case "has_no_homepage":
            return not record.has_no_homepage
        case "tokyo_municipality" | "tokyo_address":
            return not (record.has_tokyo_office or (record.has_tokyo_office is None and getattr(record, name)))
        case "licences":
            is_open = record.licence_state == ""
            return not (record.licence_state == LicenceState.HELD or (is_open and record.licences))
        case "licence_reason":
            return record.licence_state != LicenceState.NOT_NEEDED
    return False


def step_of(side, name):
    """The step whose form asks for the field `name`."""
    return next(step for step, names in STEPS[side].items() if name in names)


def step_state(registration, step):
    """`done`, `begun` or `empty` for one step of the task list."""
    names = STEPS[registration.SIDE][step]
    if not set(names) & set(missing_fields(registration)):
        return "done"
    return "begun" if any(getattr(registration, name) not in ("", None, [], False) for name in names) else "empty"
