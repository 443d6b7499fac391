"""A worker that delivers once: `python -m tests.outbox.sender DATABASE PORT`. The test that started it kills it."""

import sys

import django
from django.conf import settings

if __name__ == "__main__":
    database, port = sys.argv[1:]
    settings.DATABASES["default"]["NAME"] = database
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "outbox.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = int(port)
    settings.TEMPLATES[0]["DIRS"].append(settings.BASE_DIR / "tests/outbox/templates")
    django.setup()

    from outbox import delivery
    from outbox.models import Message

    delivery.deliver(Message.objects.all())
