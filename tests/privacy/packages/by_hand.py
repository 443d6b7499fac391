"""Requests for a copy that officers entered."""

from django.utils import timezone

from privacy import requests
from privacy.admin.intake import enter


def granted(officer, kind="access", email="", channel="paper", language="en"):
    """A request that came by hand and was granted; its copy is not made yet."""
    asked, _is_new = enter(
        {
            "channel": channel,
            "received_on": timezone.localdate(),
            "name": "Canary Sato",
            "email": email,
            "kind": kind,
            "regimes": ["appi"],
            "language": language,
            "text": "canary of the letter",
            "agent_kind": "",
        },
        by=officer,
    )
    requests.settle_identity(asked, "undoubted", by=officer)
    requests.begin_review(asked, by=officer)
    requests.decide(asked, "granted", by=officer, grounds=["GDPR 20(1)"] if kind == "portability" else [])
    return asked
