"""Announcing versions for tests, with moments that a test chooses."""

from datetime import timedelta

from django.utils import timezone

from privacy.models import ChangeClass, Document
from privacy.policies import drafting, publishing

TEXTS = {
    "body_en": "## Purposes\n\nWe use data to answer.\n\n[[recipients]]\n",
    "body_ja": "## 目的\n\n回答のために利用します。\n\n[[recipients]]\n",
    "summary_en": "The purposes are worded anew.",
    "summary_ja": "目的の書き方を改めました。",
}


def draft(document=Document.PRIVACY, *, change_class=ChangeClass.NOTICE, by=None, **values):
    """A draft that can be announced, with `values` instead."""
    found = drafting.start(document, by=by)
    now = timezone.now()
    plan = {"effective_at": now + timedelta(days=20), "notify_from": now, "notice_until": now + timedelta(days=40)}
    defaults = {name: getattr(found, name) for name in drafting.FIELDS} | plan | TEXTS | {"change_class": change_class}
    return drafting.save(found, defaults | values, seen=drafting.stamp(found), by=by)


def announce(document=Document.PRIVACY, *, by=None, **values):
    """An announced version, twenty days before it takes effect unless `values` say otherwise."""
    found = draft(document, by=by, **values)
    return publishing.announce(found, seen=drafting.stamp(found), by=by)
