"""The answers of a registration, or what an operator has registered, as rows for the pages."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ..completeness import STEPS, is_beside_the_point, step_of
from ..display import hint, label_of, written

STEP_TITLES = {
    "business": lambda: _("Your business"),
    "tokyo-office": lambda: _("Office in Tokyo"),
    "licences": lambda: _("Licences"),
    "contact": lambda: _("Person in charge"),
}


def step_url(registration, name):
    """The control that asks for the field `name`."""
    anchors = {
        "contact_email": "contact_address_0",
        "has_tokyo_office": "has_tokyo_office_0",
        "licence_state": "licence_state_0",
        "licences": "kind_0",
    }
    url = reverse("accounts:registration-step", args=[registration.ref, step_of(registration.SIDE, name)])
    return f"{url}?then=check#id_{anchors.get(name, name)}"


def sections(record, side, *, changeable=False):
    """All answers of a registration or an operator by step, as rows for `components/summary_list.html`."""
    values = record.values
    return [
        {
            "title": STEP_TITLES[step](),
            "rows": [
                {
                    "label": label_of(name),
                    "value": written(name, values[name], side=side),
                    "hint": hint(name, values[name]) if changeable else "",
                    "url": step_url(record, name) if changeable else "",
                }
                for name in names
                if not is_beside_the_point(record, name)
            ],
        }
        for step, names in STEPS[side].items()
    ]


def differences(registration):
    """What would change, as (label, now, then); nothing for a first application."""
    if registration.is_first:
        return []
    side = registration.SIDE
    return [
        (label_of(name), written(name, live, side=side), written(name, proposed, side=side))
        for name, live, proposed in registration.changes
    ]
