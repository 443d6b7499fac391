"""Building a copy in the background: claimed for a time, so that a worker that dies loses nothing but that time."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from .. import audit, encryption, gate
from ..acting import PORTAL, acting_as
from ..declarations import declared
from ..models import Package, PackageForm
from ..purposes import Purpose
from . import access, portability

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
ATTEMPTS = 3
KEPT_FOR = timedelta(days=14)


def due(now):
    """Those that wait for a worker, or whose worker went away."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return Package.objects.filter(free, built_at=None, failed_at=None)


@acting_as(duty=PORTAL)
def waiting():
    return list(due(timezone.now()).order_by("pk").values_list("pk", flat=True))


def build_due(on_built=None):
    """Build what waits, as in `build`. Returns the keys of what was built; safe to run twice, and at once."""
    return [pk for pk in waiting() if build(pk, on_built)]


def build(pk, on_built=None):
    """Build one copy. Returns whether it was built now; after the third failed attempt it is given up, and audited.

    `on_built` is called with the `Package` in the transaction that offers it: once for each, whatever dies.
    """
    package = _claim(pk)
    if package is None:
        return False
    try:
        content, names = _content(package)
        return _finish(package, content, names, on_built)
    except Exception:
        logger.exception("copy failed package=%s attempt=%s", pk, package.attempts)
        _fail(package)
        return False


@acting_as(duty=PORTAL)
@transaction.atomic
def _claim(pk):
    now = timezone.now()
    package = due(now).select_for_update(of=["self"], skip_locked=True).select_related("subject").filter(pk=pk).first()
    if package is None:
        return None
    if package.attempts >= ATTEMPTS:
        # Each worker died: nobody was left to say so.
        _give_up(package)
        return None
    package.attempts = F("attempts") + 1
    package.leased_until, package.done, package.total = now + LEASE, 0, len(declared())
    package.save(update_fields=["attempts", "leased_until", "done", "total"])
    package.refresh_from_db(fields=["attempts"])
    return package


def _content(package):
    """(the archive, the names of the fields in it). Each kind of data is read in a transaction of its own, so that the
    person sees how far it is."""
    is_access = package.form == PackageForm.ACCESS
    form = access if is_access else portability
    kinds = []
    for number, declaration in enumerate(declared(), 1):
        with acting_as(duty=PORTAL):
            if kind := form.read(declaration, package.subject):
                kinds.append(kind)
            _own(package).update(done=number)
    with acting_as(duty=PORTAL):
        return form.write(package.subject, kinds), {name for kind in kinds for name in kind.names}


@acting_as(duty=PORTAL)
@transaction.atomic
def _finish(package, content, names, on_built=None):
    """Offered from now on, unless another worker has taken over meanwhile. The use is written down (R039)."""
    now = timezone.now()
    sealed = encryption.seal(content, encryption.place(package, "content"))
    is_mine = _own(package).update(
        content=sealed, size=len(content), built_at=now, expires_at=now + KEPT_FOR, leased_until=None
    )
    if not is_mine:
        return False
    surface = f"copy {package.form}"
    gate.seen([package.subject_id], Purpose.RIGHTS, names=names, count=1, surface=surface, by=None)
    audit.record(None, gettext_noop("copy built"), package, form=package.form)
    if on_built:
        package.refresh_from_db(fields=["expires_at"])
        on_built(package)
    return True


@acting_as(duty=PORTAL)
@transaction.atomic
def _fail(package):
    if package.attempts >= ATTEMPTS:
        _give_up(package)
    else:
        # Tried again by the next round.
        _own(package).update(leased_until=timezone.now())


def _give_up(package):
    if Package.objects.filter(pk=package.pk, built_at=None, failed_at=None).update(failed_at=timezone.now()):
        audit.record(None, gettext_noop("copy failed"), package, form=package.form, attempts=package.attempts)


def _own(package):
    """The row, as long as nobody else has taken it over."""
    return Package.objects.filter(pk=package.pk, attempts=package.attempts, built_at=None, failed_at=None)
