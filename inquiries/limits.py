"""How often somebody without a log-in may write, and when a code is asked for first. allauth's limiter counts.

Only what was filled in rightly counts. Whole offices write from one network, so the limits of a network are wide.
"""

from allauth.core.internal.ratelimit import consume, parse_rate

LIMITS = {
    "send": ("30/h/ip", "100/d/ip", "20/d/key"),
    "send_without_code": ("5/h/ip", "2/h/key", "4/d/key"),
    "mail_code": ("20/h/ip", "4/h/key", "8/d/key"),
    "type_code": ("60/h/ip",),
}


def wait(request, action, *, key):
    """Count one more `action` from this network and for `key` (an address or a code): None, or how many seconds the
    limit that it meets looks back."""
    counted = []
    for rate in LIMITS[action]:
        usage = consume(request, app="inquiries", action=action, key=key, config={action: rate})
        if not usage:
            # What is refused does not use up the other limits.
            for other in counted:
                other.rollback()
            return int(parse_rate(rate).duration)
        counted.append(usage)
    return None
