"""Signing in with a passkey, for which Chromium plays the device."""

import re

import pytest
from playwright.sync_api import expect

from .test_registering import PASSWORD, create_log_in

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_who_added_a_passkey_signs_in_without_a_password(visitor, language):
    person = visitor(language)
    device = person.context.new_cdp_session(person.page)
    device.send("WebAuthn.enable")
    added = device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    person.open("registration/")
    person.press("Register a business abroad")
    create_log_in(person, f"{language}@passkey.example")
    person.password = PASSWORD

    person.open("account/2fa/")
    person.press("Add a passkey")
    if "/reauthenticate/" in person.page.url:
        person.prove_who_they_are()
    person.fill("Name", "My telephone")
    person.press("Add a passkey")
    person.sees("Recovery codes")
    assert len(device.send("WebAuthn.getCredentials", added)["credentials"]) == 1
    person.press("Sign out", within=person.page.get_by_role("banner"))
    person.open("person/")
    person.sees("Sign in")

    person.press("Use a passkey")

    expect(person.page).not_to_have_url(re.compile("/account/login/"))
    person.open("account/2fa/webauthn/")
    person.sees("Your passkeys")
    person.reads("My telephone")
