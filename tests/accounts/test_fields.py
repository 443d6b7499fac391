import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import fields


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Taro@Example.COM", "taro@example.com"),
        (" taro@ｅxample.com ", "taro@example.com"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro@example.com"),
        ("taro@exam\u00adple.com", "taro@example.com"),
        ("taro@example.com\u200b", "taro@example.com"),
        ("taro+japan@sakura.example", "taro+japan@sakura.example"),
        ("taro@sakura.test", "taro@sakura.test"),
        ("taro@日本.jp", "taro@xn--wgv71a.jp"),
        ("taro@日本。jp", "taro@xn--wgv71a.jp"),
    ],
)
def test_one_address_has_one_spelling(typed, stored):
    assert fields.canonical_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "taro",
        "taro@localhost",
        "taro@test",
        "taro@printer.local",
        "tаro@example.com",
        "太郎@example.com",
        "taro@example.com, jiro@example.com",
        "Taro <taro@example.com>",
        '"taro"@example.com',
        "taro@[127.0.0.1]",
        "taro@example.com\x00",
        "taro@example.com\nBcc: jiro@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b." * 200 + "com",
    ],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ValidationError):
        fields.canonical_email(typed)


def test_a_letter_that_looks_latin_makes_another_domain():
    assert fields.canonical_email("taro@exаmple.com").startswith("taro@xn--")


@pytest.mark.parametrize(
    ("typed", "region", "stored"),
    [
        ("０３－５３２０－４７６９", "JP", "+81353204769"),
        ("03ー5320ー4769", "JP", "+81353204769"),
        ("0422-45-1151", "JP", "+81422451151"),
        ("04992-2-1443", "JP", "+81499221443"),
        ("090-1234-5678", "JP", "+819012345678"),
        ("060-1234-5678", "JP", "+816012345678"),
        ("0120-000-000", "JP", "+81120000000"),
        ("+81 3-5320-4769", "FR", "+81353204769"),
        ("01 99 00 12 34", "FR", "+33199001234"),
        ("+852 2123 4567", "JP", "+85221234567"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("+44 20 7946 0123", "", "+442079460123"),
    ],
)
def test_phone_number(typed, region, stored):
    assert fields.phone_number(typed, region) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "03-1234",
        "1-800-FLOWERS",
        "03-5320-4769（代表）",
        "+999 1234 5678",
        "03-5320-4769 内線12",
        "03-5320-4769 ext. 12",
        "03-5320-4769;ext=12",
        "1" * 10_000,
    ],
)
def test_phone_number_refuses(typed):
    with pytest.raises(ValidationError):
        fields.phone_number(typed)


def test_a_phone_number_is_written_for_who_dials_it():
    assert fields.written_phone("+81353204769", abroad=False) == "03-5320-4769"
    assert fields.written_phone("+81353204769", abroad=True) == "+81 3-5320-4769"
    assert fields.written_phone("+33199001234", abroad=False) == "+33 1 99 00 12 34"


@pytest.mark.parametrize(
    ("number", "hinted"),
    [("+81120000000", True), ("+81570000000", True), ("+818001234567", True), ("+81353204769", False)],
)
def test_a_number_that_cannot_be_dialled_from_abroad_has_a_hint(number, hinted):
    assert bool(fields.phone_hint(number)) is hinted


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("sakura-travel.example", "https://sakura-travel.example/"),
        ("http://Sakura-Travel.example/EN?a=1#top", "http://sakura-travel.example/EN?a=1#top"),
        ("ｗｗｗ．sakura.example", "https://www.sakura.example/"),
        ("sakura.example:8080/a", "https://sakura.example:8080/a"),
        ("https://日本.jp/会社", "https://xn--wgv71a.jp/会社"),
        ("HTTPS://sakura.example", "https://sakura.example/"),
    ],
)
def test_homepage(typed, stored):
    assert fields.homepage(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "javascript://sakura.example/%0aalert(1)",
        "data:text/html,x",
        "mailto:taro@example.com",
        "ftp://sakura.example",
        "https://sakura.example@evil.example",
        "https://taro:secret@sakura.example",
        "https://evil.example\\@sakura.example",
        "http://169.254.169.254/latest",
        "http://127.1",
        "http://0x7f.0.0.0x1",
        "http://2130706433",
        "http://[::1]/",
        "http://[::1",
        "http://localhost:8000",
        "http://router.local",
        "http://db.internal",
        "http://a.localhost",
        "https://１２７.０.０.１",
        "https://sakura",
        "https://sakura.example:99999",
        'https://sakura.example/"onmouseover=alert(1)',
        "https://sakura.example/<script>",
        "https://sakura.example/a b",
        "https://sakura.example/" + "a" * 200,
        "//",
        "",
    ],
)
def test_homepage_refuses(typed):
    with pytest.raises(ValidationError):
        fields.homepage(typed)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("https://xn--wgv71a.jp/", "日本.jp"),
        ("https://www.sakura.example/en/", "www.sakura.example/en"),
        # Cyrillic letters that look like "apple".
        ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"),
    ],
)
def test_written_homepage(stored, shown):
    assert fields.written_homepage(stored) == shown


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("25", 25),
        ("２５", 25),
        ("1,200", 1200),
        ("１，２００人", 1200),
        ("1 200", 1200),
        ("1\u202f200", 1200),
        ("007", 7),
    ],
)
def test_whole_number(typed, number):
    assert fields.whole_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "-0", "-5", "1.5", "1e309", "NaN", "inf", "٣", "1,2", "1_000", "9" * 10_000, "二"]
)
def test_whole_number_refuses(typed):
    with pytest.raises(ValidationError):
        fields.whole_number(typed)


def test_lengths_are_counted_in_code_points():
    field = fields.SingleLineField(max_length=3, label="Business name")

    assert field.clean("𠮷野家") == "𠮷野家"
    with pytest.raises(ValidationError) as refused:
        field.clean("𠮷野家様")
    assert refused.value.messages == ["Business name must be 3 characters or fewer"]
    assert "maxlength" not in field.widget.attrs
    assert field.widget.attrs["data-max-length"] == "3"


def test_line_ends_count_once():
    assert fields.MultiLineField(max_length=3).clean("a\r\nb") == "a\nb"


@pytest.mark.parametrize(
    ("language", "message"), [("en", "Enter your business name"), ("ja", "商号を入力してください")]
)
def test_an_empty_field_is_named_in_the_language_of_the_reader(language, message):
    label = {"en": "Business name", "ja": "商号"}[language]

    with translation.override(language), pytest.raises(ValidationError) as refused:
        fields.SingleLineField(label=label).clean(" \u200b")

    with translation.override(language):
        assert refused.value.messages == [message]


@pytest.mark.parametrize(
    ("label", "noun"), [("Street address", "street address"), ("URL", "URL"), ("E-mail", "e-mail")]
)
def test_a_label_inside_a_sentence(label, noun):
    assert str(fields.in_sentence(label)) == noun


def test_a_form_reads_every_kind_of_field():
    class Form(forms.Form):
        email = fields.CanonicalEmail()
        telephone = fields.PhoneField(region="FR")
        homepage = fields.HomepageField(required=False)
        postcode = fields.PostcodeField()
        employees = fields.WholeNumberField(min_value=1)

    form = Form({"email": "Ａ@b.example", "telephone": "01 99 00 12 34", "postcode": "〒1638001", "employees": "１２"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "email": "a@b.example",
        "telephone": "+33199001234",
        "homepage": "",
        "postcode": "163-8001",
        "employees": 12,
    }
    assert form["email"].value() == "Ａ@b.example"


def test_a_number_outside_its_range_is_refused():
    with pytest.raises(ValidationError, match="must be between 1 and 9"):
        fields.WholeNumberField(min_value=1, max_value=9, label="Employees").clean("10")


def test_an_empty_number_is_none():
    assert fields.WholeNumberField(required=False).clean("") is None


def test_validators_given_to_a_field_are_asked():
    def refuse(value):
        raise ValidationError("Not this one")

    with pytest.raises(ValidationError, match="Not this one"):
        fields.SingleLineField(validators=[refuse]).clean("a")


FIELDS = [
    fields.CanonicalEmail(),
    fields.PhoneField(),
    fields.HomepageField(),
    fields.PostcodeField(),
    fields.WholeNumberField(),
    fields.SingleLineField(max_length=20),
    fields.MultiLineField(max_length=20),
]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
@settings(deadline=None)
@given(text=st.text() | st.text("@.:/-+0123456789ａ日\u202e[]xn\x00 ,%"))
def test_a_field_gives_a_value_that_it_gives_again_or_refuses(field, text):
    said = []
    try:
        value = field.clean(text)
    except ValidationError as refusal:
        said = refusal.messages
    else:
        assert field.clean(str(value)) == value
    assert all(said)
