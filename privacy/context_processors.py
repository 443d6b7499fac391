from .policies import asking


def policy_notices(request):
    """The announced versions that each page tells of (components/policy_notices.html); asked where they are printed."""
    return {"policy_notices": lambda: asking.notices_on(request)}
