from django.db import models
from django.utils.translation import gettext_lazy as _


class DeclineReason(models.TextChoices):
    """Why a registration is declined, said in both languages."""

    NOT_TOURISM = "not tourism", _("The business described is not a tourism business.")
    NOT_FOUND = "not found", _("We could not find the business under the details given.")
    LICENCE = "licence", _("The licence number does not match the public register.")
    DUPLICATE = "duplicate", _("The business is already registered. Ask your colleagues for an invitation.")
    NOT_A_BUSINESS = "not a business", _("The portal is for businesses and public bodies, not for private persons.")
    NO_REPLY = "no reply", _("We asked for changes and received no reply.")
