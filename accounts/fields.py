"""Form fields that take what people type, in any width, and give back one stored spelling.

Whatever text arrives, they return a value or raise a ValidationError in the reader's language, and nothing else."""

import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

import idna
import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

from accounts import normalise, places

EMAIL_LIMIT = 254
PHONE_LIMIT = 60
URL_LIMIT = 200
JAPAN = 81

# Names that lead to no public host, besides those without a dot.
PRIVATE_SUFFIXES = ("localhost", "local", "localdomain", "internal", "home.arpa", "onion", "invalid")
# Scripts in which a decoded host name is shown; others stay encoded, since their letters pass for Latin ones.
SHOWN_SCRIPTS = {"LATIN", "DIGIT", "HYPHEN-MINUS", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "CJK", "HANGUL"}


def canonical_email(text: str) -> str:
    """The one spelling of an address that we store and compare: half-width, lower case, its domain in ASCII (IDNA).

    Refuses a local part beyond ASCII, where letters of other scripts pass for Latin ones. The reserved domains .example
    and .test are taken, as demonstrations live there."""
    folded = normalise.single_line(normalise.half_width(text))
    try:
        # A longer text cannot be an address; the library need not read it.
        if len(folded) > 2 * EMAIL_LIMIT:
            raise EmailNotValidError
        address = validate_email(
            folded, allow_smtputf8=False, strict=True, check_deliverability=False, test_environment=True
        ).ascii_email.lower()
        if "." not in address.rpartition("@")[2]:
            raise EmailNotValidError
    except (EmailNotValidError, UnicodeError) as error:
        raise ValidationError(
            _("Enter an email address in the right format, like name@example.com"), code="email"
        ) from error
    return address


def phone_number(text: str, region: str = "JP") -> str:
    """A telephone number in E.164, read as people in `region` (ISO 3166-1) write it, or with its country code."""
    refused = ValidationError(_("Enter a phone number, with the country code if outside Japan"), code="phone")
    folded = normalise.digits(text[: PHONE_LIMIT + 1])
    if len(text) > PHONE_LIMIT:
        raise refused
    if re.search("内線|ext|x|#", folded.casefold()):
        raise ValidationError(_("Enter the phone number without an extension"), code="phone")
    # The library would drop other words, and read the letters on keys ("1-800-FLOWERS") as digits.
    if not re.fullmatch(rf"[{normalise.HYPHENS}\d\s+()./]+", folded):
        raise refused
    try:
        number = phonenumbers.parse(folded, region)
    except phonenumbers.NumberParseException as error:
        raise refused from error
    if not phonenumbers.is_valid_number(number):
        raise refused
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def written_phone(number: str, *, abroad: bool) -> str:
    """A stored number as its reader dials it: 03-5320-4769 in Japan, +81 3-5320-4769 from abroad."""
    parsed = phonenumbers.parse(number)
    national = parsed.country_code == JAPAN and not abroad
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def phone_hint(number: str):
    """What the owner of a stored number should know about it, or ""."""
    parsed = phonenumbers.parse(number)
    kinds = phonenumbers.PhoneNumberType
    domestic_only = {kinds.TOLL_FREE, kinds.UAN, kinds.PREMIUM_RATE, kinds.SHARED_COST}
    if parsed.country_code == JAPAN and phonenumbers.number_type(parsed) in domestic_only:
        return _("Numbers starting with 0120 or 0570 cannot be dialled from abroad. Add another number if you can.")
    return ""


def homepage(text: str) -> str:
    """A public web address as stored: http or https, its host in ASCII (IDNA). Nothing is ever fetched from it.

    Refused: user names (they disguise the host), IP addresses, hosts without a dot or of a private network."""
    refused = ValidationError(_("Enter a web address starting with https://"), code="url")
    text = normalise.single_line(normalise.half_width(text[: 4 * URL_LIMIT + 1]))
    if len(text) > 4 * URL_LIMIT or re.search(r"[\s<>\"\\`]", text):
        raise refused
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = idna.encode(parts.hostname or "", uts46=True).decode().lower()
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError) as error:
        raise refused from error
    last = host.rpartition(".")[2]
    if (
        parts.scheme not in {"http", "https"}
        or "@" in parts.netloc
        or not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host)
        # 127.0.0.1, 127.1 and 0x7f.0.0.1 alike: no public name ends in a number.
        or re.fullmatch("[0-9]+|0x[0-9a-f]*", last)
        or f".{host}".endswith(tuple(f".{suffix}" for suffix in PRIVATE_SUFFIXES))
    ):
        raise refused
    url = urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, parts.fragment))
    if len(url) > URL_LIMIT:
        raise ValidationError(
            _("The web address must be %(limit)d characters or fewer"), code="max_length", params={"limit": URL_LIMIT}
        )
    return url


def written_homepage(url: str) -> str:
    """A stored web address as a reader recognises it: without https://, and 日本.jp instead of xn--wgv71a.jp."""
    parts = urlsplit(url)
    host = ".".join(_written_label(label) for label in parts.netloc.split("."))
    return host + urlunsplit(("", "", parts.path, parts.query, parts.fragment)).rstrip("/")


def _written_label(label: str) -> str:
    try:
        decoded = idna.decode(label)
    except UnicodeError:
        return label
    scripts = {unicodedata.name(character, "").split(" ")[0] for character in decoded}
    return decoded if scripts <= SHOWN_SCRIPTS else label


def whole_number(text: str) -> int:
    """A number as people write it: 1200, 1,200, 1 200, １２００, 1200人."""
    compact = normalise.digits(text[:40]).strip().removesuffix("人").removesuffix("名").strip()
    if len(text) > 40 or not re.fullmatch(r"[0-9]{1,9}|[0-9]{1,3}(?:[, ][0-9]{3}){1,2}", compact):
        raise ValidationError(_("Enter a whole number, like 25"), code="whole_number")
    return int(re.sub("[, ]", "", compact))


def _in_sentence(label) -> str:
    """A label inside a sentence: "business name", yet "URL" as it is."""
    label = str(label)
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


in_sentence = lazy(_in_sentence, str)


class Worded:
    """A field whose messages name it. `noun` is its label inside a sentence ("business name"), by default the label."""

    default_error_messages = {"required": _("Enter your %(noun)s")}

    def __init__(self, *args, noun=None, **kwargs):
        self.noun = noun
        super().__init__(*args, **kwargs)

    def error(self, code, **params):
        label = self.label or _("Your answer")
        noun = self.noun or (in_sentence(label) if self.label else _("answer"))
        return ValidationError(self.error_messages[code], code=code, params={"noun": noun, "label": label, **params})

    def validate(self, value):
        if self.required and value in self.empty_values:
            raise self.error("required")


class SingleLineField(Worded, forms.CharField):
    """One line of text; `max_length` counts code points, after cleaning.

    The browser gets it as data-max-length: its own maxlength counts 𠮷 as two."""

    default_error_messages = {"max_length": _("%(label)s must be %(limit)d characters or fewer")}
    cleaned = staticmethod(normalise.single_line)

    def __init__(self, *, max_length=None, **kwargs):
        self.limit = max_length
        super().__init__(**kwargs)
        if max_length:
            self.widget.attrs.setdefault("data-max-length", str(max_length))

    def to_python(self, value):
        return "" if value in self.empty_values else self.cleaned(str(value))

    def validate(self, value):
        super().validate(value)
        if self.limit and len(value) > self.limit:
            raise self.error("max_length", limit=self.limit)


class MultiLineField(SingleLineField):
    """Lines of plain text; an empty line starts a paragraph."""

    widget = forms.Textarea
    cleaned = staticmethod(normalise.multi_line)


class ReadField(Worded, forms.CharField):
    """One line of text that the `read(text)` of each kind turns into the stored value."""

    input_attrs: dict[str, str] = {}

    def to_python(self, value):
        text = "" if value in self.empty_values else normalise.single_line(str(value))
        return self.read(text) if text else self.empty_value

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | self.input_attrs


class CanonicalEmail(ReadField):
    """An e-mail address; the only field that any form takes one with."""

    # Not type="email": browsers would refuse full-width letters before we could fold them.
    input_attrs = {"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}

    def read(self, text):
        return canonical_email(text)


class PhoneField(ReadField):
    """A telephone number, stored in E.164. A form that knows the country sets `region`."""

    input_attrs = {"inputmode": "tel", "autocomplete": "tel"}

    def __init__(self, *, region="JP", **kwargs):
        self.region = region
        super().__init__(**kwargs)

    def read(self, text):
        return phone_number(text, self.region)


class HomepageField(ReadField):
    """A public web address."""

    input_attrs = {"inputmode": "url", "autocomplete": "url", "autocapitalize": "none", "spellcheck": "false"}

    def read(self, text):
        return homepage(text)


class PostcodeField(ReadField):
    """A Japanese postcode."""

    input_attrs = {"autocomplete": "postal-code"}

    def read(self, text):
        return places.postcode(text)


class WholeNumberField(ReadField):
    """A whole number from `min_value` to `max_value`, both included."""

    input_attrs = {"inputmode": "numeric"}
    default_error_messages = {"range": _("%(label)s must be between %(lowest)d and %(highest)d")}

    def __init__(self, *, min_value=0, max_value=999_999_999, **kwargs):
        self.lowest, self.highest = min_value, max_value
        super().__init__(empty_value=None, **kwargs)

    def read(self, text):
        number = whole_number(text)
        if not self.lowest <= number <= self.highest:
            raise self.error("range", lowest=self.lowest, highest=self.highest)
        return number
