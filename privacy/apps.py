from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = _("Privacy")

    def ready(self):
        # Registers the system checks.
        from . import checks  # noqa: F401
        from .expiry import checks as checks_of_the_times  # noqa: F401
        from .expiry import rules
        from .ledger import checks as checks_of_the_ledger  # noqa: F401

        autodiscover_modules("personal_data", "leaving", "statistics")
        post_migrate.connect(rules.bring_up_to_date, sender=self)
