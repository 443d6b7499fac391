"""Whether data may be used: for many people as a queryset, for one with the reasons, both from the same conditions."""

from ..models import Subject
from .conditions import CONJUNCTS, use_of


def permitting(purpose, recipient="", topic="", at=None):
    """The subjects whose data may be used for `purpose`, as a queryset; at a past moment `at`, as it was then."""
    return permitted(use_of(purpose, recipient, topic, at))


def permitted(use):
    """The subjects for whom every condition of `use` holds; nobody for None."""
    if use is None:
        return Subject.objects.none()
    return Subject.objects.filter(*(conjunct(use) for conjunct in CONJUNCTS))


def may_send(ref, purpose, topic=""):
    """Whether a message to the subject `ref` may leave for `purpose`; asked at delivery, not when queueing."""
    return permitting(purpose, topic=topic).filter(ref=ref).exists()


def why(subject, purpose, recipient="", topic="", at=None):
    """How the decision about one person comes about: [(conjunct, whether it holds)]; empty for what nobody declared."""
    use = use_of(purpose, recipient, topic, at)
    if use is None:
        return []
    one = Subject.objects.filter(pk=subject.pk)
    return [(conjunct, one.filter(conjunct(use)).exists()) for conjunct in CONJUNCTS]
