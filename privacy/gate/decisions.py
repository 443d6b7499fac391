"""Whether data may be used: for many people as a queryset, for one with the reasons, both from the same conditions."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Exists, OuterRef, Subquery, Value, When

from ..models import Recipient, Subject
from .conditions import CONJUNCTS, recipient_is_entitled, use_of, withheld


def permitting(purpose, recipient="", topic="", at=None):
    """The subjects whose data may be used for `purpose`, as a queryset; at a past moment `at`, as it was then."""
    return permitted(use_of(purpose, recipient, topic, at))


def permitted(use):
    """The subjects for whom every condition of `use` holds; nobody for None."""
    if use is None:
        return Subject.objects.none()
    return Subject.objects.filter(*(conjunct(use) for conjunct in CONJUNCTS))


def open_to(recipient, rows, purpose, subject):
    """Of the queryset `rows` those that `recipient` may see for `purpose`; `subject` leads from a row to whose data it
    holds, "" where it holds nobody's.

    Each row gets `is_withheld`: only the minimum may be shown, with the fields in `extra_minimum`.
    """
    use = use_of(purpose, recipient)
    if use is None or not recipient:
        return rows.none()
    extra = Recipient.objects.valid(use.at).filter(code=recipient).values("extra_minimum")[:1]
    rows = rows.annotate(extra_minimum=Subquery(extra, output_field=ArrayField(CharField())))
    if not subject:
        return rows.filter(recipient_is_entitled(use)).annotate(is_withheld=Value(False))
    who = Subject.objects.filter(withheld(use), pk=OuterRef(subject))
    return rows.filter(**{f"{subject}__in": permitted(use)}).annotate(is_withheld=Exists(who))


def may_send(ref, purpose, topic=""):
    """Whether a message to the subject `ref` may leave for `purpose`; asked at delivery, not when queueing."""
    return permitting(purpose, topic=topic).filter(ref=ref).exists()


def why(subject, purpose, recipient="", topic="", at=None):
    """How the decision about one person comes about: [(conjunct, whether it holds)]; empty for what nobody declared."""
    use = use_of(purpose, recipient, topic, at)
    return [] if use is None else weighed(use, subject)


def weighed(use, subject):
    """[(conjunct, whether it holds)] of one person."""
    conditions = {conjunct.__name__: conjunct(use) for conjunct in CONJUNCTS}
    holds = {
        name: Case(When(condition, then=True), default=False) if condition else Value(True)
        for name, condition in conditions.items()
    }
    found = Subject.objects.filter(pk=subject.pk).annotate(**holds).values(*holds).first()
    return [(conjunct, bool(found) and found[conjunct.__name__]) for conjunct in CONJUNCTS]
