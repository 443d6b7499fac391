"""The procedure by which people ask about their own data, as the law wants it prescribed and published (R090)."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.views.generic import TemplateView

from ..data import rows
from ..models import Regime, RequestKind
from ..policies.rendering import contact
from ..requests import clocks


@dataclass(frozen=True)
class Right:
    """One kind of request, and the rule of each law that is in force today, in the order of `Regime`."""

    kind: RequestKind

    @cached_property
    def rules(self):
        found = clocks.rules_for(self.kind, [*Regime], timezone.localdate(), clocks.load())
        return sorted(found, key=lambda rule: [*Regime].index(rule.regime))


class ProcedureView(TemplateView):
    """What is asked how, by whom, under which law and until when; the times are those that requests really run by."""

    template_name = "privacy/procedure.html"

    def get_context_data(self, **kwargs):
        rights = [Right(kind) for kind in RequestKind]
        language = get_language()
        after_disclosure = {rule.after_disclosure for right in rights for rule in right.rules if rule.after_disclosure}
        return super().get_context_data(
            rights=rights,
            laws=[regime.label for regime in Regime],
            after_disclosure=sorted(after_disclosure, key=lambda period: period.days),
            authorities=[(row[f"name_{language}"], row["url"]) for row in rows("authorities.csv")],
            postal_address=settings.SECRETARIAT_ADDRESS[language],
            **contact(),
            **kwargs,
        )
