from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What personal data is used for: the purposes stated in R036 and R037 that the portal serves so far."""

    ACCOUNT = "account", _("Logging in and looking after your account")
    REGISTRATION = "registration", _("Checking registrations and telling you the result")
    NETWORKING = "networking", _("Bringing Tokyo and overseas operators together")
    ADMINISTRATION = "administration", _("Telling the secretariat's staff what waits for them")
