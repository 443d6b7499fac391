"""What is looked for, counted without anybody: no user, session or address, and nothing that looks like a way to reach
a person (R120, R122)."""

import logging
import re
import unicodedata

import redis
from django.core.cache import cache
from django.db import Error, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import UsageCount

logger = logging.getLogger(__name__)

SEARCH = "search"
LONGEST = 60
# A term that fewer searches used in a month could be about somebody. It is shown to nobody, and dropped.
RARE = 10
A_DAY = 24 * 60 * 60
E_MAIL = r"@"
WEB = r"://|\bwww\b|\w\.\w{2}"
# Six digits, however they are set apart.
TELEPHONE = r"\d(?:[\W_ー]*\d){5}"
REACHES_SOMEBODY = re.compile(f"{E_MAIL}|{WEB}|{TELEPHONE}")
ONE_MORE = """
    INSERT INTO privacy_usagecount (day, kind, term, language, count) VALUES (%s, %s, %s, %s, 1)
    ON CONFLICT (day, kind, term, language) DO UPDATE SET count = privacy_usagecount.count + 1
"""


def count(kind, term, language, by):
    """Count one more `term`, by month, when the transaction of the page has ended. That it fails harms no page.

    Of `by` it counts once a day: what is often looked for is published, so that nobody may make a word of theirs, or
    the name of somebody, look as if many had. What is remembered for that is a keyed hash, for a day.
    """
    term = countable(term)
    if term and _is_first_today(kind, term, by):
        transaction.on_commit(lambda: _add(kind, term, language))


def countable(text):
    """`text` in one spelling, or nothing where it looks like an address of any kind."""
    term = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return "" if REACHES_SOMEBODY.search(term) else term[:LONGEST].strip()


def _is_first_today(kind, term, by):
    said = f"{timezone.localdate()} {kind} {by.pk} {term}"
    try:
        return cache.add(f"usage:{salted_hmac('privacy.usage', said, algorithm='sha256').hexdigest()}", "", A_DAY)
    except redis.RedisError:
        logger.warning("usage not counted kind=%s", kind)
        return False


def _add(kind, term, language):
    try:
        with connection.cursor() as cursor:
            cursor.execute(ONE_MORE, [_this_month(), kind, term, language])
    except Error:
        # Without its message: that would quote the term.
        logger.warning("usage not counted kind=%s", kind)


def drop_rare_terms(*, dry_run=False):
    """Forget what too few looked for in the months that are over. Returns how many terms."""
    rare = UsageCount.objects.filter(day__lt=_this_month(), count__lt=RARE)
    return rare.count() if dry_run else rare.delete()[0]


def _this_month():
    """The day under which a month is counted: no more is needed."""
    return timezone.localdate().replace(day=1)
