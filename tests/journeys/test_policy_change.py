"""A policy changes in a way that needs consent: announced, mailed, accepted by one and declined by another, whose data
from then on are handled differently (R004, R010, C1)."""

import json
import os
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.plugin import as_owner, database_copy

from . import inspection
from .portal import Portal

OF_ITS_OWN = 14
ACCEPTS, DECLINES = "tokyo@demo.example", "paris@demo.example"
NEW_RECIPIENT = """
from django.utils import timezone
from privacy.models import Recipient
Recipient.objects.create(
    code="survey-office", role="contractor", name_en="Survey Office Inc.", name_ja="調査事務所",
    address_en="Tokyo", address_ja="東京都", duties_en="Counts answers.", duties_ja="回答を集計します。",
    valid_from=timezone.now(), attested_on=timezone.localdate(), purposes=["operator_networking"],
)
"""
RECEIVES = """
import json
from accounts.models import User
from privacy import gate
from privacy.purposes import Purpose
permitted = gate.permitting(Purpose.NETWORKING, "survey-office")
print(json.dumps(list(User.objects.filter(subject__in=permitted).values_list("email", flat=True))))
"""


@pytest.fixture
def portal(chromium, tmp_path):
    """A portal of its own: after this everybody in it would be asked."""
    with database_copy(f"test_{os.getpid()}_policy_change") as database:
        portal = Portal(database, tmp_path, redis_database=OF_ITS_OWN)
        portal.database = database
        try:
            portal.start()
            yield portal
        finally:
            portal.stop()


EARLIER = """
UPDATE privacy_policyversion SET announced_at = announced_at - %(by)s, effective_at = effective_at - %(by)s,
    notify_from = notify_from - %(by)s, notice_until = notice_until - %(by)s
"""


def let_time_pass(portal, by):
    """As if everything about policies had happened so much earlier. Nobody but this test may: a trigger stands in the
    way."""
    with as_owner(dbname=portal.database) as connection:
        connection.execute("ALTER TABLE privacy_policyversion DISABLE TRIGGER USER")
        connection.execute(EARLIER, {"by": by})
        connection.execute("ALTER TABLE privacy_policyversion ENABLE TRIGGER USER")


def receive(portal):
    """The addresses of those whose data the new recipient may get, of the two."""
    return set(json.loads(portal.run("manage.py", "shell", "-v0", "-c", RECEIVES))) & {ACCEPTS, DECLINES}


def set_moment(staff, label, moment):
    staff.page.get_by_label(staff.words(label)).fill(moment.strftime("%Y-%m-%dT%H:%M"))


def begin(staff):
    staff.open("admin/privacy/policyversion/add/")
    staff.tick("Privacy policy")
    staff.press("Begin")


def announce(staff):
    """With two slips first: a moment in the past, and nothing said in Japanese."""
    now = timezone.localtime()
    staff.fill("What changes, in %(language)s", "Answers are counted by Survey Office Inc.", language="English")
    staff.tick("Consent: binds each person once they agree")
    staff.tick("Survey Office Inc.")
    set_moment(staff, "Takes effect (Tokyo time)", now - timedelta(days=1))
    set_moment(staff, "Mails leave from (Tokyo time)", now)
    set_moment(staff, "Notice on the site until (Tokyo time)", now + timedelta(days=40))
    staff.press("Save and check")
    staff.press("Announce")
    staff.reads("The version would take effect in the past. No version binds backwards.")
    staff.reads("The summary of what changed in %(language)s is missing.", language="Japanese")

    staff.press("Write on")
    expect(staff.field("What changes, in %(language)s", language="English")).to_have_value(
        "Answers are counted by Survey Office Inc."
    )
    staff.fill("What changes, in %(language)s", "回答の集計を調査事務所に委託します。", language="Japanese")
    set_moment(staff, "Takes effect (Tokyo time)", now + timedelta(days=15))
    staff.press("Save and check")
    staff.press("Announce")
    staff.reads("The version is announced. It can be read at its address from now on.")


@pytest.mark.req("R004", "R008", "R010", "R013", "C1")
def test_one_agrees_and_another_declines(visitor, portal):
    portal.run("manage.py", "shell", "-v0", "-c", NEW_RECIPIENT)
    staff, everybody, tokyo, paris = visitor("en"), visitor("ja"), visitor("ja"), visitor("en")
    staff.sign_in("staff@city.example")
    begin(staff)
    announce(staff)

    everybody.open()
    notice = everybody.page.get_by_role("region", name=everybody.words("Change of %(title)s", title="個人情報の取扱い"))
    notice.get_by_role("link").click()
    everybody.reads("New recipients of your data:")
    assert everybody.context.cookies() == []

    assert "queued" in portal.run("manage.py", "queue_policy_notices")
    assert "Answers are counted by Survey Office Inc." in paris.mail(DECLINES, "Privacy policy")
    assert "回答の集計を調査事務所に委託します。" in tokyo.mail(ACCEPTS, "個人情報の取扱い")

    tokyo.sign_in(ACCEPTS)
    assert "/my-page/" in tokyo.page.url
    assert receive(portal) == set()
    let_time_pass(portal, timedelta(days=16))

    tokyo.open("partners/")
    tokyo.sees("“%(title)s” has changed: do you agree?", title="個人情報の取扱い")
    tokyo.press("I agree")
    expect(tokyo.page).to_have_url(f"{portal.url}/ja/partners/")

    paris.sign_in(DECLINES)
    paris.sees("“%(title)s” has changed: do you agree?", title="Privacy policy")
    assert inspection.violations(paris.page) == []
    # Axe itself tries styles that the policy of the page forbids.
    paris.troubles.clear()
    paris.press("I decline")
    paris.reads("Version %(number)s applies to you", number=1)
    paris.press("Continue")
    expect(paris.page).to_have_url(f"{portal.url}/en/my-page/")

    assert receive(portal) == {ACCEPTS}
    tokyo.open("policies/privacy/")
    expect(tokyo.page.get_by_role("main")).not_to_contain_text(tokyo.words("Read the version that applies to you"))

    paris.open("policies/privacy/")
    paris.press("Agree to version %(number)s", number=2)
    assert receive(portal) == {ACCEPTS, DECLINES}
