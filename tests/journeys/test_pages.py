"""Every type of page, for everybody who opens it, in both languages: accessible, within its width, translated."""

import pytest

from . import inspection
from .pages import BY, MISSING


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("person", BY)
def test_every_page_is_accessible_fits_and_speaks_one_language(visitor, portal, person, language):
    guest = visitor(language)
    if person:
        guest.sign_in(person)
    records = portal.world["records"].get(person, {})

    faults = [
        f"{path}: {fault}"
        for path in BY[person]
        for fault in _faults(guest, path.format(**records), portal.world["names"])
    ]

    assert not faults, "\n".join(faults)


def _faults(guest, path, names):
    page, is_admin = guest.page, path.startswith("admin/")
    page.set_viewport_size(inspection.DESKTOP)
    # What fades would be measured halfway.
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    answer = guest.open(path)
    if "/reauthenticate/?" in page.url:
        guest.prove_who_they_are()
    expected = 404 if path == MISSING else 200
    faults = [] if answer.status == expected and path in page.url else [f"{answer.status} at {page.url}"]
    # Of the admin's own pages Django decides the outline.
    rules = inspection.WCAG if is_admin else [*inspection.WCAG, "best-practice"]
    faults += inspection.overflow(page) + inspection.english_in_japanese(page, names) + guest.troubles
    faults += inspection.violations(page, rules)
    page.set_viewport_size(inspection.PHONE)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    faults += inspection.overflow(page)
    if guest.language == "ja" and not is_admin:
        faults += [f"on a dark phone: {fault}" for fault in inspection.violations(page, rules)]
    # Axe itself tries styles that the policy of the page forbids.
    guest.troubles.clear()
    return faults
