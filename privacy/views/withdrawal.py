"""The page behind the link in a mail. Opening it changes nothing, whoever opens it: readers, scanners, previews."""

from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from .. import consent, ledger, links
from ..models import Topic
from ..purposes import RULES


# Who has the signed address may end the mail, and only that. A mail programme presses the button without having seen
# the page (RFC 8058), so there is no token of a form, and no cookie.
@method_decorator([never_cache, csrf_exempt], name="dispatch")
class WithdrawalView(View):
    def get(self, request, token):
        return self._answer(links.read(token))

    def post(self, request, token):
        link = links.read(token)
        subject = link and link.subject
        events = []
        if subject:
            proof = ledger.proof_of(request, "stop", served=self._name(link))
            how = {"method": "mail link", "language": get_language(), "proof": proof}
            events = consent.stop(subject, link.purpose, link.topic, **how)
        return self._answer(link, is_just_ended=bool(events))

    def _answer(self, link, *, is_just_ended=False):
        if link is None:
            return render(self.request, "privacy/withdrawal_unknown.html", status=404)
        context = {
            "name": self._name(link),
            "needs_consent": RULES[link.purpose].needs_consent,
            "is_ended": link.is_ended,
            "is_just_ended": is_just_ended,
        }
        return render(self.request, "privacy/withdrawal.html", context)

    def _name(self, link):
        topic = Topic.objects.filter(code=link.topic, purpose=link.purpose).first()
        return topic.name(get_language()) if topic else link.purpose.label
