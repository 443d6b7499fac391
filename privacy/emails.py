"""Every message of the policies: to whom, for which purpose, with what."""

import outbox

from .purposes import Purpose


def policy_change(version, subject, summaries):
    """Tells `subject` of an announced version; `summaries` is {language: what changed}. Returns the message."""
    return outbox.post(
        subject,
        Purpose.SERVICE_NOTICES,
        "privacy/emails/policy_change",
        expires=version.notice_until,
        document=version.document,
        number=version.number,
        before=version.before,
        effective_at=version.effective_at.isoformat(),
        asks_for_consent=version.asks_for_consent,
        summaries=summaries,
    )
