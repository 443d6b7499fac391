"""Which tables there are, and that each is published once a month."""

import logging

from django.utils import timezone

from ..acting import PORTAL, acting_as
from ..models import Release
from .publishing import outcome, publish

logger = logging.getLogger(__name__)
_sources = []


def source(count):
    """Register `count(today, by) -> [Table]`, which counts what an app holds, through the gate where it is of people.

    `today` is the day of which the numbers are told, `by` the user who asked, or None.
    """
    _sources.append(count)
    return count


def counted(today=None, by=None):
    """Every table, counted now."""
    today = today or timezone.localdate()
    return [table for count in _sources for table in count(today, by)]


@acting_as(duty=PORTAL)
def preview(by=None):
    """[`Outcome`] of what a release would hold now."""
    return [outcome(table) for table in counted(by=by)]


def is_due():
    """Whether this month has no release yet."""
    return not Release.objects.filter(month=timezone.localdate().replace(day=1)).exists()


@acting_as(duty=PORTAL)
def publish_due(by=None):
    """The releases of this month, made now; none when they were made before."""
    if not is_due():
        return []
    made = [publish(table, by=by) for table in counted(by=by)]
    for release in made:
        logger.info("statistics table=%s refused=%s", release.table, release.content is None)
    return made
