"""Every cookie, and every place elsewhere that a page may make a browser send something to: the one list of both.

The cookie list, the banner, the controls, the content security policy and the tests are all made from it (R120-R137;
Telecommunications Business Act 27-12). What is not here is not set and not reached.
"""

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from . import ledger, policies
from .models import Document, Matter, State
from .purposes import Purpose

CONSENT_COOKIE = "__Host-consent"
# A choice is asked for again after half a year; what a tool keeps in the browser ends with it.
CONSENT_AGE = timedelta(days=180)
SIGNER = TimestampSigner(salt="privacy.cookies")


class Category(models.TextChoices):
    NECESSARY = "necessary", gettext_lazy("Necessary")
    ANALYTICS = "analytics", gettext_lazy("Analytics")


@dataclass(frozen=True)
class Cookie:
    """`name` may hold * for any letters; without a `lifetime` the cookie ends with the browser."""

    name: str
    purpose: str
    lifetime: timedelta | None
    category: Category = Category.NECESSARY
    provider: str = gettext_lazy("this website")

    def matches(self, name):
        return re.fullmatch(re.escape(self.name).replace(r"\*", r"[\w-]+"), name, re.ASCII) is not None

    @property
    def lasts(self):
        """The lifetime in words."""
        if self.lifetime is None:
            return _("until you close the browser")
        days, hours = self.lifetime.days, self.lifetime.seconds // 3600
        if days:
            return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}


@dataclass(frozen=True)
class Tool:
    """A service of somebody else that runs in the browser of those who agree, on the pages for everybody.

    `setting` names the setting with our number there: without a number nobody is asked, and nothing runs. `sources` are
    the origins that the content security policy then allows, by directive; `template` holds the tags.
    """

    code: str
    name: str
    setting: str
    provider: str
    cookies: tuple[Cookie, ...]
    what: str
    why: str
    own_use: str
    links: tuple[tuple[str, str], ...]
    opt_out: str
    sources: dict
    template: str

    @property
    def number(self):
        return getattr(settings, self.setting)

    @property
    def cookie_seconds(self):
        return int(max(cookie.lifetime for cookie in self.cookies).total_seconds())

    def facts(self):
        """What somebody agrees to, in the language of the page."""
        cookies = [f"{cookie.name}: {cookie.purpose} {cookie.lifetime}" for cookie in self.cookies]
        origins = [f"{kind} {' '.join(origins)}" for kind, origins in sorted(self.sources.items())]
        said = [self.code, self.provider, self.what, self.why, self.own_use, *cookies, *origins]
        return "\n".join(str(one) for one in said)


TOOLS = [
    Tool(
        code="google-analytics",
        name="Google Analytics",
        setting="GOOGLE_ANALYTICS_ID",
        provider=gettext_lazy("Google LLC, United States"),
        cookies=tuple(
            Cookie(name, purpose, CONSENT_AGE, Category.ANALYTICS, "Google Analytics")
            for name, purpose in [
                ("_ga", gettext_lazy("Tells one browser from another by a random number.")),
                ("_ga_*", gettext_lazy("Keeps when a visit began and how many pages it had.")),
            ]
        ),
        what=gettext_lazy(
            "The address and title of the public page you read and the name of the website you came from, both without "
            "what was searched for; the time; a random number for your browser; the kind of browser and device, the "
            "size of the screen and the language; and your IP address, from which Google derives roughly where you are."
        ),
        why=gettext_lazy("To see which public pages are read, and to make this website better. For nothing else."),
        own_use=gettext_lazy(
            "Google itself collects and uses these data under its own terms, also on servers outside your country."
        ),
        links=(
            (gettext_lazy("About Google Analytics"), "https://marketingplatform.google.com/about/analytics/"),
            (gettext_lazy("Google’s privacy policy"), "https://policies.google.com/privacy"),
            (
                gettext_lazy("How Google uses data from websites that use its services"),
                "https://policies.google.com/technologies/partner-sites",
            ),
        ),
        opt_out="https://tools.google.com/dlpage/gaoptout",
        sources={
            "script-src": ["https://www.googletagmanager.com"],
            "connect-src": ["https://www.googletagmanager.com", "https://*.google-analytics.com"],
            "img-src": ["https://www.googletagmanager.com", "https://*.google-analytics.com"],
        },
        template="privacy/_google_analytics.html",
    )
]


def offered():
    """The tools that this installation would use."""
    return [tool for tool in TOOLS if tool.number]


def cookies():
    """Every cookie that this website, or a tool that it offers, may set."""
    yield Cookie(
        settings.SESSION_COOKIE_NAME,
        gettext_lazy("Keeps you signed in. Holds a random number."),
        timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    yield Cookie(
        settings.CSRF_COOKIE_NAME,
        gettext_lazy("Makes sure that a form was sent from this website. Holds a random number."),
        None,
    )
    if offered():
        yield Cookie(
            CONSENT_COOKIE,
            gettext_lazy("Remembers whether you accepted or refused analytics. Holds a random number and your answer."),
            CONSENT_AGE,
        )
    for tool in offered():
        yield from tool.cookies


def version():
    """Names what is asked at present. It changes with the tools and with what is said of them; then we ask again."""
    with override("en"):
        facts = "\n".join(tool.facts() for tool in offered())
    return hashlib.sha256(facts.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Decision:
    """What somebody decided in one browser: a random `ref`, which names nobody, and the codes of accepted tools."""

    ref: uuid.UUID
    accepted: frozenset

    def signed(self):
        """The value of the cookie. Signed, so that nobody writes to the ledger under a name of their choice."""
        return SIGNER.sign(".".join([self.ref.hex, version(), "+".join(sorted(self.accepted))]))


def decision_of(request):
    """The `Decision` that the browser carries, or None: not asked yet, or asked something else, or not from us."""
    try:
        value = SIGNER.unsign(request.COOKIES.get(CONSENT_COOKIE, ""), max_age=CONSENT_AGE)
        ref, asked, accepted = value.split(".")
    except (BadSignature, ValueError):
        return None
    return Decision(uuid.UUID(ref), frozenset(accepted.split("+")) - {""}) if asked == version() else None


def refused_by_signal(request):
    """The browser sends Global Privacy Control, which refuses for its owner; every value but 1 means nothing."""
    return request.headers.get("Sec-GPC") == "1"


def accepted(request):
    """The tools that the person agreed to, and whose agreement holds."""
    decision = None if refused_by_signal(request) else decision_of(request)
    return [tool for tool in offered() if decision and tool.code in decision.accepted]


def decide(request, codes, *, control):
    """Take the answer of the person: the tools with these `codes`, and no other. Returns the `Decision`, or None where
    the same answer came again, by a second click or from a page that was sent again: that is no new one.

    The ledger keeps each answer under the random number of the browser. `control` is the button that was pressed.
    """
    before = decision_of(request)
    is_signal = refused_by_signal(request)
    wanted = frozenset() if is_signal else frozenset(codes) & {tool.code for tool in offered()}
    decision = Decision(before.ref if before else uuid.uuid4(), wanted)
    events = [_record(request, decision, tool, control, "signal" if is_signal else "form") for tool in offered()]
    return decision if any(events) or decision != before else None


def _record(request, decision, tool, control, method):
    about = {"purpose": Purpose.STATISTICS, "topic": tool.code}
    known = ledger.state_of(decision.ref, Matter.COOKIES, **about)
    is_given, was_given = tool.code in decision.accepted, bool(known) and known.state == State.GIVEN
    if known and is_given == was_given:
        return None
    return ledger.append(
        decision.ref,
        Matter.COOKIES,
        State.GIVEN if is_given else State.WITHDRAWN if was_given else State.REFUSED,
        **about,
        version=policies.in_force(Document.COOKIES),
        language=get_language(),
        valid_until=timezone.now() + CONSENT_AGE if is_given else None,
        method=method,
        proof=ledger.proof_of(request, control, served=tool.facts()) | {"registry": version()},
    )


def left_behind(request, codes):
    """Names of the cookies in the browser that belong to other tools than those with these `codes`."""
    refused = [cookie for tool in offered() if tool.code not in codes for cookie in tool.cookies]
    return [name for name in request.COOKIES if any(cookie.matches(name) for cookie in refused)]


def is_to_be_asked(request):
    return bool(offered()) and not refused_by_signal(request) and decision_of(request) is None


def for_page():
    """What the partial templates `privacy/_cookie_table.html`, `_external_table.html`, `_analytics.html` and
    `_browsers.html` show, in the language of the page."""
    return {"cookies": list(cookies()), "tools": offered(), "browsers": browsers()}


def browsers():
    """(name, page that tells how to delete its cookies) of each common browser (R132)."""
    english = get_language() != "ja"
    microsoft, apple, mozilla, google = ("en-us", "en-us", "en-US", "en") if english else ("ja-jp", "ja-jp", "ja", "ja")
    edge = "microsoft-edge/delete-cookies-in-microsoft-edge-63947406-40ac-c3b8-57b9-2a946a29ae09"
    return [
        ("Google Chrome", f"https://support.google.com/chrome/answer/95647?hl={google}"),
        ("Microsoft Edge", f"https://support.microsoft.com/{microsoft}/{edge}"),
        ("Mozilla Firefox", f"https://support.mozilla.org/{mozilla}/kb/clear-cookies-and-site-data-firefox"),
        (_("Safari on a Mac"), f"https://support.apple.com/{apple}/guide/safari/sfri11471/mac"),
        (_("Safari on an iPhone or iPad"), f"https://support.apple.com/{apple}/105082"),
    ]
