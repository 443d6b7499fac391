"""What every event says of the law it stands under, in the one place (ISO/IEC TS 27560: processing, parties, event)."""

from ..models import Matter, State
from ..purposes import RULES, Basis, Purpose

RECORD = "consent-record/1"
CONTROLLER = "Tokyo Metropolitan Government"
REGIMES = {Matter.COOKIES: ["APPI", "GDPR", "Telecommunications Business Act"]}
ALL_MATTERS = ["APPI", "GDPR"]
# ISO 3166-2: Tokyo.
JURISDICTION = "JP-13"
# How to take it back: as easily as it was given (GDPR Art. 7(3)).
WITHDRAWAL = {Matter.CONSENT: "privacy centre, link in each mail", Matter.COOKIES: "cookie settings"}
# Kinds of data, not values. Cookies: what the tool itself collects.
ADDRESS, BUSINESS, USE = "name and address for mail", "business details", "use of the website"
CATEGORIES = {
    Purpose.ACCOUNT: [ADDRESS, "log-in"],
    Purpose.REGISTRATION: [ADDRESS, BUSINESS],
    Purpose.NETWORKING: [ADDRESS, BUSINESS],
    Purpose.INQUIRIES: [ADDRESS, "inquiry"],
    Purpose.NEWSLETTER: [ADDRESS],
    Purpose.CITY_INFORMATION: [ADDRESS],
    Purpose.SERVICE_NOTICES: [ADDRESS],
    Purpose.RIGHTS: [ADDRESS, "request"],
    Purpose.ADMINISTRATION: [ADDRESS, BUSINESS],
    Purpose.DISCLOSURE: [ADDRESS, BUSINESS],
    Purpose.SECURITY: [USE],
    Purpose.STATISTICS: [USE],
}


def terms(matter, state, purpose, topic, version):
    """Lawful basis, parties, kinds of data, law and way back of an act, from what the code and the version state.

    `version`: the `PolicyVersion` that was shown, or None.
    """
    said = {
        "record": RECORD,
        "event_type": "notice" if state == State.INFORMED else "explicit",
        "controller": CONTROLLER,
        "recipients": _recipients(matter, topic, version),
        "regime": REGIMES.get(matter, ALL_MATTERS),
        "jurisdiction": JURISDICTION,
    }
    if matter in WITHDRAWAL:
        said["withdrawal"] = WITHDRAWAL[matter]
    if matter == Matter.POLICY:
        said["purposes"] = version.purposes if version else []
    if purpose:
        said["basis"] = Basis.CONSENT if matter == Matter.COOKIES else RULES[Purpose(purpose)].basis
        said["categories"] = CATEGORIES[Purpose(purpose)]
    return said


def _recipients(matter, topic, version):
    """Who may receive data: the tool's provider, the one that the act is about, or those that the version names."""
    if matter in (Matter.COOKIES, Matter.OPT_OUT):
        return [topic]
    return version.recipients if version else []
