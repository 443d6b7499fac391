from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """The two sides of the portal; each sees what the other has published (R043)."""

    DOMESTIC = "domestic", _("Tokyo")
    OVERSEAS = "overseas", _("Overseas")

    @property
    def other(self):
        return Side.OVERSEAS if self is Side.DOMESTIC else Side.DOMESTIC
