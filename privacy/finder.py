"""Every trace of a name, an address or a number, over all tables that are declared (R092, R094).

Used for people to whom no key leads: who is named in somebody else’s text, who asks without an account. Whoever
searches says why; the audit keeps the reason, and of the term a keyed hash, by which the same search is recognised.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_

import phonenumbers
from django.contrib.postgres.fields import ArrayField
from django.core import signing
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Func, Q, TextField, Value
from django.db.models.functions import Cast, Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from . import audit, gate
from .acting import PORTAL, acting_as
from .declarations import DataClass, Declaration, declared
from .models import Subject
from .purposes import Purpose

SEARCHED = [DataClass.IDENTIFYING, DataClass.BUSINESS, DataClass.TECHNICAL, DataClass.EVIDENCE]
TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField, models.GenericIPAddressField)
SHORTEST = 2
SHORTEST_NUMBER = 6
SEALS, SEALED_FOR = signing.TimestampSigner(salt="privacy.finder"), timedelta(minutes=30)
NUMBER = re.compile(r"[+(]?[0-9][0-9 ()./-]*")


@dataclass(frozen=True)
class Trace:
    """One row in which it stands, in which fields, and whose row it is, as far as a way leads to somebody."""

    declaration: Declaration
    key: str
    fields: tuple[str, ...]
    subjects: tuple[str, ...] = ()

    @property
    def labels(self):
        return [str(self.declaration.label(field)) for field in self.fields]


def columns(declaration):
    """The names of the columns that are searched: text of any kind, and no secret."""
    names = declaration.of_class(*SEARCHED)
    fields = (declaration.model._meta.get_field(name) for name in names if name not in declaration.never_shown)
    return [field.name for field in fields if isinstance(field, TEXTS) and not field.is_relation]


def look(term, *, reason, by, seal=""):
    """(the `Trace`s of `term`, table by table, without values; the seal of this search). The search is written down,
    except where `seal` is that of the same one, with the same result, of a short time ago: that is a further page."""
    with acting_as(duty=PORTAL):
        found = [trace for declaration in declared() for trace in _in(declaration, term)]
        subjects = Subject.objects.filter(ref__in={ref for trace in found for ref in trace.subjects})
        keys = list(subjects.values_list("pk", flat=True))
    said = salted_hmac(
        "privacy.finder.seal", repr((by.pk, _plain(term), reason, found)), algorithm="sha256"
    ).hexdigest()
    if _unsealed(seal) == said:
        return found, seal
    names = {field for trace in found for field in trace.fields}
    if found:
        gate.seen(keys, Purpose.RIGHTS, names=names, count=len(found), surface="finder", by=by)
    audit.record(by, gettext_noop("traces searched"), by, reason=reason, term=fingerprint(term), found=len(found))
    return found, SEALS.sign(said)


def _unsealed(seal):
    """What a seal that is not old says; "" otherwise."""
    try:
        return SEALS.unsign(seal, max_age=SEALED_FOR)
    except signing.BadSignature:
        return ""


def fingerprint(term):
    """Tells the same term again, and nothing else."""
    return salted_hmac("privacy.finder", _plain(term), algorithm="sha256").hexdigest()[:32]


def is_named_in(term, text):
    """Whether `text` holds the term, however it is written."""
    digits = number_in(term)
    return _plain(term) in _plain(text) or bool(digits and digits in re.sub(r"\D", "", _plain(text)))


def number_in(term):
    """The digits by which a telephone number is found however it is written, or "": neither the code of a country nor
    the zero before it counts."""
    text = unicodedata.normalize("NFKC", term).strip()
    if not NUMBER.fullmatch(text):
        return ""
    try:
        digits = str(phonenumbers.parse(text, "JP").national_number)
    except phonenumbers.NumberParseException:
        digits = re.sub(r"\D", "", text).lstrip("0")
    return digits if len(digits) >= SHORTEST_NUMBER else ""


def _in(declaration, term):
    names = columns(declaration)
    if not names:
        return
    hits = {f"in_{name}": _holds(name, term) for name in names}
    rows = declaration.model._default_manager.order_by("pk").filter(reduce(or_, hits.values()))
    rows = rows.annotate(**{name: ExpressionWrapper(hit, BooleanField()) for name, hit in hits.items()})
    found = list(rows.values_list("pk", *hits))
    whose = _subjects_of(declaration, [row[0] for row in found])
    for key, *is_in in found:
        fields = tuple(name for name, hit in zip(names, is_in, strict=True) if hit)
        yield Trace(declaration, str(key), fields, tuple(sorted(whose.get(key, ()))))


def _holds(name, term):
    text = Cast(F(name), TextField())
    held = _contains(_plain_column(text), _plain(term))
    if digits := number_in(term):
        held |= _contains(_sql("regexp_replace", _nfkc(text), Value(r"\D"), Value(""), Value("g")), digits)
    return held


def _contains(expression, term):
    found = Func(expression, Value(term), function="strpos", output_field=models.IntegerField())
    return Q(models.lookups.GreaterThan(found, 0))


def _plain(term):
    """As `_plain_column` writes it: without width, case or blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", term)).lower()


def _plain_column(text):
    return Lower(_sql("regexp_replace", _nfkc(text), Value(r"\s+"), Value(""), Value("g")))


def _nfkc(text):
    return Func(text, function="normalize", template="%(function)s(%(expressions)s, NFKC)", output_field=TextField())


def _sql(function, *arguments):
    return Func(*arguments, function=function, output_field=TextField())


def _subjects_of(declaration, keys):
    """{key of a row: references of the people it is about}"""
    whose = {}
    for way in declaration.subjects if keys else ():
        rows = declaration.model._default_manager.filter(declaration.only_where.get(way, Q()), pk__in=keys)
        leads = way if way.endswith("ref") else f"{way}__ref"
        for key, ref in rows.exclude(**{leads: None}).values_list("pk", leads):
            whose.setdefault(key, set()).add(str(ref))
    return whose
