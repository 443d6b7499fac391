"""With the keyboard alone: Tab reaches everything in the order of the page, and the eye sees where it is."""

import pytest

TAB_STOPS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((element) => element.checkVisibility() && !element.disabled && element.type !== "hidden")
  .map((element, index) => { element.dataset.stop = index; return element.outerHTML.slice(0, 80); })"""
FOCUSED = """() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  return {
    stop: Number(element.dataset.stop),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    inside: box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
  };
}"""


@pytest.mark.parametrize("path", ["", "account/signup/", "partners/"])
def test_tab_goes_through_the_page_in_its_order_and_shows_where_it_is(visitor, path):
    guest = visitor("en")
    if path == "partners/":
        guest.sign_in("paris@demo.example")
    guest.open(path)
    stops = guest.page.evaluate(TAB_STOPS)

    seen = []
    for _stop in stops:
        guest.page.keyboard.press("Tab")
        seen.append(guest.page.evaluate(FOCUSED))

    assert "#main" in stops[0]
    assert [focused["stop"] for focused in seen] == list(range(len(stops)))
    assert [stops[focused["stop"]] for focused in seen if focused["outline"] < 2 or not focused["inside"]] == []


def test_another_language_keeps_the_page_and_what_was_typed(visitor):
    guest = visitor("en")
    guest.open("account/signup/")
    guest.fill("Email address", "okami@sumida.example")

    guest.press("日本語", within=guest.page.get_by_role("banner"))
    guest.language = "ja"

    guest.page.wait_for_url("**/ja/account/signup/")
    assert guest.field("Email address").input_value() == "okami@sumida.example"
