"""How does a message reach a person, once, and only if it may?"""

from outbox.addresses import Address

__all__ = ["Address", "forget", "post"]


def post(to, purpose, template, *, expires=None, **context):
    """See `outbox.services.post`. Django imports this package before there are models, hence the late import."""
    from outbox import services

    return services.post(to, purpose, template, expires=expires, **context)


def forget(messages, *, addresses, values):
    """See `outbox.services.forget`."""
    from outbox import services

    return services.forget(messages, addresses=addresses, values=values)
