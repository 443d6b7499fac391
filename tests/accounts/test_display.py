import pytest
from django.urls import reverse
from django.utils import translation

from accounts.display import japanese_marked
from tests.factories import OperatorFactory

LICENCE = {"kind": "hotel", "authority": "台東区保健所", "number": "第98205号"}
MARKED = 'Hotel or ryokan, <span lang="ja">台東区保健所</span>, <span lang="ja">第98205号</span>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hotel or ryokan, 台東区保健所, 第98205号", MARKED),
        (
            "Class 2 Travel Operator, Governor of Tokyo, No. 2-6811",
            "Class 2 Travel Operator, Governor of Tokyo, No. 2-6811",
        ),
        ("<b>区&amp;", '<span lang="ja">&lt;b&gt;区&amp;amp;</span>'),
        ("a < b", "a &lt; b"),
        ("", ""),
    ],
)
def test_japanese_words_are_marked_on_a_page_in_english_and_everything_is_escaped(text, html):
    assert japanese_marked(text) == html
    with translation.override("ja"):
        assert "<" not in japanese_marked(text)


@pytest.mark.django_db
def test_staff_hear_a_licence_in_its_languages(client, make_staff, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    operator = OperatorFactory(licence_state="held", licences=[LICENCE])
    client.force_login(make_staff("registration reviewer"))

    page = client.get(reverse("admin:accounts_operator_change", args=[operator.pk]))

    assert MARKED in page.content.decode()
