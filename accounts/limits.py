"""How often a person may do what costs others something, or could be used for guessing. allauth's limiter counts."""

from allauth.core.internal.ratelimit import consume

LIMITS = {
    "type_code": "10/10m/user",
    "ask_for_code": "5/10m/user,20/d/user,10/d/key",
    "invite": "20/h/user,50/d/user",
    "ask_to_join": "5/h/user",
}


def allows(request, action, *, key=None):
    """Count one more `action` of the person, and of `key` (an address that gets mail); False when that is too many."""
    return bool(consume(request, app="accounts", action=action, key=key, config=LIMITS))
