"""The steps of the two registrations. Nothing is required of a draft: what is missing is said before it is sent."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from .. import countries, licences, places
from ..completeness import STEPS
from ..display import label_of, licence_line
from ..fields import (
    CanonicalEmail,
    HomepageField,
    MultiLineField,
    PhoneField,
    PostcodeField,
    SingleLineField,
    WholeNumberField,
    written_phone,
)
from ..models import LicenceState, registration_model
from ..normalise import half_width
from ..sides import Side

MAX_LICENCES = 20
YES_NO = [("yes", _("Yes")), ("no", _("No"))]

_label = lazy(label_of, str)


def _answer(field, name, **kwargs):
    return field(label=_label(name), required=False, **kwargs)


def _choice(name, choices, prompt, **kwargs):
    """A list in the language of the page; what is not on it is answered with `prompt`."""
    return _answer(
        forms.ChoiceField,
        name,
        choices=lambda: [("", prompt), *choices()],
        error_messages={"invalid_choice": prompt},
        **kwargs,
    )


class StepForm(forms.Form):
    """One step of a registration. `answers` are those that are well-formed, whether or not the others are."""

    side = None
    step = None
    optional_fields = frozenset()

    def __init__(self, data=None, *, registration, user):
        self.user = user
        self.registration = registration
        super().__init__(data, initial=self.shown(registration))

    @classmethod
    def names(cls):
        return STEPS[cls.side][cls.step]

    @property
    def collects(self):
        model = registration_model(self.side)._meta.label
        return {"other_email" if name == "contact_email" else name: f"{model}.{name}" for name in self.names()}

    def shown(self, registration):
        """What the controls show of the answers kept so far: telephone numbers as they are written."""
        shown = {name: getattr(registration, name) for name in self.names()}
        for name, value in shown.items():
            if value and isinstance(self.base_fields.get(name), PhoneField):
                shown[name] = written_phone(value, abroad=self.side == Side.OVERSEAS)
        return shown

    @property
    def answers(self):
        return {name: self.cleaned_data[name] for name in self.names() if name in self.cleaned_data}


class HomepageMixin(forms.Form):
    homepage = _answer(HomepageField, "homepage", help_text=_("For example https://www.example.com"))
    has_no_homepage = _answer(forms.BooleanField, "has_no_homepage")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("homepage") and cleaned.get("has_no_homepage"):
            self.add_error("has_no_homepage", _("Either enter a homepage or tick that you have none."))
        return cleaned


class ContactMixin(forms.Form):
    """The address of the person in charge: the account's own, or another one that reads a code (R030)."""

    contact_address = forms.ChoiceField(
        label=_label("contact_email"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Select the email address of the person in charge.")},
    )
    other_email = CanonicalEmail(
        label=_("The other email address"),
        required=False,
        help_text=_("We send a code to it. Type the code here to show that the address is read."),
    )

    def __init__(self, data=None, *, registration, user):
        super().__init__(data, registration=registration, user=user)
        self.fields["contact_address"].choices = [
            ("account", _("My account’s address: %(address)s") % {"address": user.email}),
            ("other", _("Another address")),
        ]

    def shown(self, registration):
        is_own = registration.contact_email in ("", self.user.email)
        return super().shown(registration) | {
            "contact_address": "account" if is_own else "other",
            "other_email": "" if is_own else registration.contact_email,
        }

    def clean(self):
        cleaned = super().clean()
        match cleaned.get("contact_address"):
            case "account":
                cleaned["contact_email"] = self.user.email
            case "other" if "other_email" in cleaned:
                cleaned["contact_email"] = cleaned["other_email"]
        return cleaned


class DomesticBusinessForm(HomepageMixin, StepForm):
    side, step = Side.DOMESTIC, "business"
    optional_fields = frozenset({"business_name_romanised"})

    business_name = _answer(SingleLineField, "business_name", max_length=100, help_text=_("As it is registered."))
    business_name_romanised = _answer(
        SingleLineField,
        "business_name_romanised",
        max_length=100,
        help_text=_("Shown to readers of English, for example “Sakura Travel”."),
    )
    postcode = _answer(PostcodeField, "postcode", help_text=_("For example 163-8001"))
    prefecture = _choice("prefecture", places.prefecture_choices, _("Select a prefecture"))
    city = _answer(SingleLineField, "city", max_length=100, help_text=_("City, ward, town or village"))
    street_address = _answer(
        SingleLineField, "street_address", max_length=300, help_text=_("Town, number and building")
    )
    telephone = _answer(PhoneField, "telephone", help_text=_("For example 03-1234-5678"))
    employees = _answer(
        WholeNumberField,
        "employees",
        min_value=1,
        max_value=999_999,
        help_text=_("The owner and part-timers count. Others only see a band, such as 5–9 people."),
    )
    representative_name = _answer(
        SingleLineField, "representative_name", max_length=100, help_text=_("Only staff see this name.")
    )

    field_order = STEPS[Side.DOMESTIC]["business"]

    def clean_business_name_romanised(self):
        return half_width(self.cleaned_data["business_name_romanised"])


class TokyoOfficeForm(StepForm):
    side, step = Side.DOMESTIC, "tokyo-office"

    has_tokyo_office = _answer(
        forms.ChoiceField,
        "has_tokyo_office",
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Select whether you have a business office in Tokyo.")},
    )
    tokyo_municipality = _choice("tokyo_municipality", places.choices, _("Select a municipality"))
    tokyo_address = _answer(SingleLineField, "tokyo_address", max_length=300, help_text=_("Town, number and building"))

    def shown(self, registration):
        """An address in Tokyo that the step before asked for is not asked for again (WCAG 2.2, 3.3.7)."""
        office = registration.has_tokyo_office
        shown = super().shown(registration) | {"has_tokyo_office": {True: "yes", False: "no", None: ""}[office]}
        if office is None and registration.prefecture == places.TOKYO and registration.street_address:
            named = {
                name: code
                for code, place in places.MUNICIPALITIES.items()
                for name in (place.name_ja, place.label("en"))
            }
            shown["has_tokyo_office"] = "yes"
            shown["tokyo_municipality"] = shown["tokyo_municipality"] or named.get(registration.city, "")
            shown["tokyo_address"] = shown["tokyo_address"] or registration.street_address
        return shown

    def clean_has_tokyo_office(self):
        return {"yes": True, "no": False, "": None}[self.cleaned_data["has_tokyo_office"]]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("has_tokyo_office") is False:
            cleaned["tokyo_municipality"] = cleaned["tokyo_address"] = ""
        return cleaned


class LicencesForm(StepForm):
    """As many rows of kind, authority and number as there are licences, and one more when asked for."""

    side, step = Side.DOMESTIC, "licences"

    licence_state = _answer(
        forms.ChoiceField,
        "licence_state",
        choices=LicenceState,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Select whether you hold a licence.")},
    )
    licence_reason = _answer(
        SingleLineField, "licence_reason", max_length=300, help_text=_("For example: we run a museum.")
    )

    def __init__(self, data=None, *, registration, user, extra=0):
        super().__init__(data, registration=registration, user=user)
        stored = registration.licences
        if data is None:
            count = max(len(stored), 1) + extra
        else:
            count = next((i for i in range(MAX_LICENCES) if f"number_{i}" not in data), MAX_LICENCES)
        self.row_count = min(count, MAX_LICENCES)
        for i in range(self.row_count):
            row = stored[i] if i < len(stored) else {}
            self._add_row(i, row)
        self.order_fields(["licence_state", *self.row_names(), "licence_reason"])

    def _add_row(self, i, row):
        kind = _("Select the kind of licence.")
        self.fields[f"kind_{i}"] = forms.ChoiceField(
            label=_("Kind of licence %(number)d") % {"number": i + 1},
            choices=[("", kind), *licences.choices()],
            required=False,
            initial=row.get("kind", ""),
            error_messages={"invalid_choice": kind},
        )
        self.fields[f"authority_{i}"] = SingleLineField(
            label=_("Authority %(number)d") % {"number": i + 1},
            required=False,
            max_length=licences.AUTHORITY_LIMIT,
            initial=row.get("authority", ""),
            help_text=_("Leave this empty for the usual authority, such as the Governor of Tokyo."),
        )
        self.fields[f"number_{i}"] = SingleLineField(
            label=_("Licence number %(number)d") % {"number": i + 1},
            required=False,
            initial=row.get("number", ""),
            help_text=_("As it stands on your sign, or the number alone. It may follow later."),
        )

    def row_names(self):
        return [f"{part}_{i}" for i in range(self.row_count) for part in ("kind", "authority", "number")]

    @property
    def rows(self):
        """For each row its three fields, and how its licence will be written."""
        stored = self.registration.licences
        return [
            {
                "fields": [self[f"kind_{i}"], self[f"authority_{i}"], self[f"number_{i}"]],
                "preview": licence_line(stored[i]) if i < len(stored) else "",
            }
            for i in range(self.row_count)
        ]

    def clean(self):
        cleaned = super().clean()
        rows = []
        if cleaned.get("licence_state") not in (LicenceState.FOLLOWS, LicenceState.NOT_NEEDED):
            rows = [self._clean_row(i) for i in range(self.row_count)]
        cleaned["licences"] = [row for row in rows if any(row.values())]
        if cleaned.get("licence_state") != LicenceState.NOT_NEEDED and "licence_reason" in cleaned:
            cleaned["licence_reason"] = ""
        return cleaned

    def _clean_row(self, i):
        """What is well-formed of a row; the rest is left empty and has an error."""
        kind, authority, number = (self.cleaned_data.get(f"{part}_{i}", "") for part in ("kind", "authority", "number"))
        if kind:
            known = licences.KINDS[kind]
            if authority or known.default_authority:
                authority = self._checked(f"authority_{i}", licences.check_authority, kind, authority)
            if number:
                number = self._checked(
                    f"number_{i}", licences.check, kind, authority or known.default_authority or "-", number
                )
        return {"kind": kind, "authority": authority, "number": number[: licences.NUMBER_LIMIT]}

    def _checked(self, name, check, *values):
        try:
            return check(*values)
        except ValidationError as error:
            self.add_error(name, error)
            return ""


class DomesticContactForm(ContactMixin, StepForm):
    side, step = Side.DOMESTIC, "contact"

    contact_name = _answer(SingleLineField, "contact_name", max_length=100)
    contact_telephone = _answer(PhoneField, "contact_telephone")

    field_order = ["contact_name", "contact_telephone", "contact_address", "other_email"]


class OverseasBusinessForm(HomepageMixin, ContactMixin, StepForm):
    side, step = Side.OVERSEAS, "business"
    optional_fields = frozenset({"region", "postcode"})

    business_name = _answer(SingleLineField, "business_name", max_length=100)
    country = _choice("country", countries.choices, _("Select a country or region"))
    street_address = _answer(MultiLineField, "street_address", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    city = _answer(SingleLineField, "city", max_length=100)
    region = _answer(SingleLineField, "region", max_length=100)
    postcode = _answer(SingleLineField, "postcode", max_length=20)
    telephone = _answer(
        PhoneField, "telephone", help_text=_("With the country code, for example +33 1 23 45 67 89, or as you dial it.")
    )
    employees = _answer(
        WholeNumberField,
        "employees",
        min_value=1,
        max_value=999_999,
        help_text=_("The owner and part-timers count. Others only see a band, such as 5–9 people."),
    )
    contact_name = _answer(SingleLineField, "contact_name", max_length=100)

    field_order = [*STEPS[Side.OVERSEAS]["business"][:-1], "contact_address", "other_email"]

    def __init__(self, data=None, *, registration, user):
        super().__init__(data, registration=registration, user=user)
        country = registration.country if data is None else data.get("country", "")
        self.fields["telephone"].region = country if len(country) == 2 and country.isascii() else "ZZ"


FORMS = {
    Side.DOMESTIC: {
        form.step: form for form in (DomesticBusinessForm, TokyoOfficeForm, LicencesForm, DomesticContactForm)
    },
    Side.OVERSEAS: {"business": OverseasBusinessForm},
}


class DeclarationForm(forms.Form):
    is_right = forms.BooleanField(
        label=_("These facts are right, and I may give them on behalf of the business."),
        error_messages={"required": _("Tick this box if the facts are right.")},
    )
    # Which state of the answers the box speaks of.
    version = forms.IntegerField(widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """A typed code, in any case, width and grouping."""

    code = SingleLineField(label=_("Code"), max_length=40, noun=_("code"))

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["code"].widget.attrs.update(
            autocomplete="one-time-code", autocapitalize="characters", spellcheck="false"
        )

    def clean_code(self):
        return half_width(self.cleaned_data["code"])
