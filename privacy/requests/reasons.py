"""The reasons that steps of a request name: their codes stand in `RequestEvent.codes`, their words in letters."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..models import RequestKind


class Identity(models.TextChoices):
    """How it was settled who asks (R099)."""

    SIGNED_IN = "signed in", _("signed in to the account")
    CODE = "code", _("code sent to the registered address")
    DOCUMENT = "document", _("document of identity")
    UNDOUBTED = "undoubted", _("not doubted")
    NOT_PROVEN = "not proven", _("not proven")


class Ground(models.TextChoices):
    """What entitles a person to erasure, restriction or portability (R094, R095, R097)."""

    NO_LONGER_NEEDED = "GDPR 17(1)(a)", _("the data are no longer needed for what they were collected for")
    CONSENT_WITHDRAWN = "GDPR 17(1)(b)", _("the consent was taken back, and nothing else permits the use")
    OBJECTED = "GDPR 17(1)(c)", _("the person objected, and nothing outweighs that")
    UNLAWFUL = "GDPR 17(1)(d)", _("the data were used unlawfully")
    MUST_BE_ERASED = "GDPR 17(1)(e)", _("a law demands the erasure")
    OF_A_CHILD = "GDPR 17(1)(f)", _("the data were collected from a child")
    CONTESTED = "GDPR 18(1)(a)", _("the accuracy of the data is contested, until it is checked")
    UNLAWFUL_BUT_KEPT = "GDPR 18(1)(b)", _("the use is unlawful, and the person wants the data kept")
    NEEDED_FOR_CLAIMS = "GDPR 18(1)(c)", _("the person needs the data for a legal claim")
    OBJECTION_WEIGHED = "GDPR 18(1)(d)", _("the person objected, until that is weighed")
    PROVIDED = "GDPR 20(1)", _("the person provided the data, under a consent or a contract")
    AGAINST_APPI = "APPI 98(1)", _("the data are held, obtained or used against the Japanese law")


GROUNDS = {
    RequestKind.ERASURE: [
        *(Ground.NO_LONGER_NEEDED, Ground.CONSENT_WITHDRAWN, Ground.OBJECTED, Ground.UNLAWFUL),
        *(Ground.MUST_BE_ERASED, Ground.OF_A_CHILD, Ground.AGAINST_APPI),
    ],
    RequestKind.RESTRICTION: [
        *(Ground.CONTESTED, Ground.UNLAWFUL_BUT_KEPT, Ground.NEEDED_FOR_CLAIMS, Ground.OBJECTION_WEIGHED),
        Ground.AGAINST_APPI,
    ],
    RequestKind.PORTABILITY: [Ground.PROVIDED],
}


class Refusal(models.TextChoices):
    """Why a request, or a part of it, is not granted."""

    UNFOUNDED = "GDPR 12(5) unfounded", _("the request is manifestly unfounded")
    EXCESSIVE = "GDPR 12(5) excessive", _("the request is excessive, in particular because it is repeated")
    IDENTITY = "identity", _("it was not proven who asks")
    AGENT = "agent", _("the mandate to ask for somebody else was not acknowledged")
    NOT_HELD = "not held", _("we do not hold such data")
    OTHERS = "GDPR 15(4)", _("the rights of other people would be harmed")
    NOT_DISCLOSED = "APPI 78", _("the Japanese law excludes the data from disclosure")
    ACCURATE = "accurate", _("the data are accurate")
    NO_GROUND = "no ground", _("none of the grounds that the law names is given")
    EXPRESSION = "GDPR 17(3)(a)", _("the data serve the freedom of expression and information")
    DUTY = "GDPR 17(3)(b)", _("a law, or a task in the public interest, demands that we keep the data")
    HEALTH = "GDPR 17(3)(c)", _("public health demands that we keep the data")
    ARCHIVE = "GDPR 17(3)(d)", _("the data serve archives, research or statistics in the public interest")
    CLAIMS = "GDPR 17(3)(e)", _("the data are needed for a legal claim")
    COMPELLING = "GDPR 21(1)", _("compelling reasons for the use outweigh the interests of the person")
    NOT_PROVIDED = "GDPR 20(1) not given", _("the data were not provided under a consent or a contract")
    NO_DISCLOSURE = "no disclosure", _("the Japanese law asks for a disclosure in the ninety days before")


_KEPT = [Refusal.EXPRESSION, Refusal.DUTY, Refusal.HEALTH, Refusal.ARCHIVE, Refusal.CLAIMS]
_OF_EVERY_KIND = [Refusal.UNFOUNDED, Refusal.EXCESSIVE, Refusal.IDENTITY, Refusal.AGENT, Refusal.NOT_HELD]
REFUSALS = {
    kind: [*_OF_EVERY_KIND, *own]
    for kind, own in {
        RequestKind.ACCESS: [Refusal.OTHERS, Refusal.NOT_DISCLOSED],
        RequestKind.RECTIFICATION: [Refusal.ACCURATE, Refusal.NO_DISCLOSURE],
        RequestKind.ERASURE: [Refusal.NO_GROUND, *_KEPT, Refusal.NO_DISCLOSURE],
        RequestKind.RESTRICTION: [Refusal.NO_GROUND, Refusal.NO_DISCLOSURE],
        RequestKind.OBJECTION: [Refusal.COMPELLING, Refusal.NO_DISCLOSURE],
        RequestKind.PORTABILITY: [Refusal.NOT_PROVIDED, Refusal.OTHERS],
        RequestKind.WITHDRAWAL: [],
    }.items()
}


class Extension(models.TextChoices):
    """Why the first month, or the first thirty days, are not enough."""

    COMPLEX = "complex", _("the request is complex")
    MANY = "many", _("many requests were made")
    OTHERS_ASKED = "others asked", _("others whom the data concern must be heard first")


USE = "use "


def in_words(codes):
    """The words of `codes` in the reader's language, in the same order; the use is left out."""
    labels = {code: label for one in (Identity, Ground, Refusal, Extension) for code, label in one.choices}
    return [str(labels[code]) for code in codes if code in labels]
