from .models import AuditEvent


def record(by, act, target, **details):
    """Write down that `by` (a user, or None for the portal itself) did `act` to the row `target`.

    `details` are keys, counts and field names; a personal value never belongs here.
    """
    return AuditEvent.objects.create(by=by, act=act, target=f"{target._meta.label_lower}:{target.pk}", details=details)
