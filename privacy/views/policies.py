"""The policies for everybody to read, and the answers of people whom a new version asks."""

from django.conf import settings
from django.contrib import messages
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from .. import consent, ledger, policies
from ..models import Document, PolicyVersion, Recipient
from ..policies import difference, publishing, rendering
from ..purposes import Purpose


def announced(document):
    """The announced versions of `document`, the newest first; 404 where there is no such document."""
    if document not in Document.values:
        raise Http404
    return PolicyVersion.objects.announced().filter(document=document).order_by("-number")


def announced_or_404(document, number):
    return get_object_or_404(announced(document), number=number)


def additions(version):
    """What `version` states for the first time: labels of purposes, and names of recipients in the active language."""
    before = PolicyVersion.objects.filter(document=version.document, number=version.before).first()
    if before is None:
        return {"added_purposes": [], "added_recipients": []}
    purposes, codes = publishing.added_uses(version, before)
    _stated, _codes, moment = rendering.stated_in(version)
    recipients = Recipient.objects.current(moment).filter(code__in=codes)
    return {
        "added_purposes": [Purpose(code).label for code in purposes],
        "added_recipients": [recipient.name(get_language()) for recipient in recipients],
    }


class PolicyListView(TemplateView):
    template_name = "privacy/policy_list.html"

    def get_context_data(self, **kwargs):
        in_force, now = policies.all_in_force(), timezone.now()
        coming = PolicyVersion.objects.announced().filter(effective_at__gt=now).order_by("number")
        return super().get_context_data(
            documents=[
                (document, in_force[document], [version for version in coming if version.document == document])
                for document in Document
                if document in in_force
            ],
            **kwargs,
        )


class PolicyView(TemplateView):
    """One version. Without a number the one in force, at an address that never changes (R009)."""

    template_name = "privacy/policy.html"

    def get_context_data(self, document, number=None, **kwargs):
        history = list(announced(document).prefetch_related("texts"))
        in_force = policies.in_force(document)
        version = in_force if number is None else announced_or_404(document, number)
        text = version.text_in(get_language())
        return super().get_context_data(
            document=Document(document),
            version=version,
            is_current=version == in_force,
            is_stable_address=number is None,
            in_force=in_force,
            coming=[other for other in history if other.effective_at > timezone.now()],
            history=[(other, _summary(other)) for other in history],
            body=rendering.rendered(text),
            summary=text.summary,
            documents=[other for other in Document if other != document],
            **self._for_reader(document),
            **kwargs,
        )

    def _for_reader(self, document):
        """For whom another version binds than the one in force: which, and the one not agreed to (R004)."""
        user = self.request.user
        if not user.is_authenticated:
            return {"asked": None}
        asked = [found for found in policies.asked_of(user.subject) if found[0].document == document]
        if not asked:
            return {"asked": None}
        version, declined_at = asked[0]
        return {
            "asked": version,
            "declined_at": declined_at,
            "bound": policies.for_subject(user.subject, document),
            "goes_on_to": _safe_next(self.request),
            **additions(version),
        }


def _summary(version):
    return next((text.summary for text in version.texts.all() if text.language == get_language()), "")


class PolicyDifferenceView(TemplateView):
    """Two versions side by side, paragraph by paragraph (R007)."""

    template_name = "privacy/policy_difference.html"

    def get_context_data(self, document, old, new, **kwargs):
        if old >= new:
            raise Http404
        before, after = announced_or_404(document, old), announced_or_404(document, new)
        texts = [version.text_in(get_language()) for version in (before, after)]
        between = announced(document).filter(number__gt=old, number__lte=new).prefetch_related("texts")
        return super().get_context_data(
            document=Document(document),
            before=before,
            after=after,
            summaries=[(version, _summary(version)) for version in between],
            rows=difference.rows(*(text.body for text in texts)),
            **(additions(after) if before.number == after.before else {"added_purposes": [], "added_recipients": []}),
            **kwargs,
        )


class PolicyFeed(Feed):
    """Every version that was announced, the newest first (R011)."""

    feed_type = Atom1Feed
    LATEST = 50

    def title(self):
        return _("Changes of the policies: %(site)s") % {"site": settings.SITE_NAME[get_language()]}

    subtitle = gettext_lazy("Every new version of the policies, with what it changes and from when.")

    def link(self):
        return reverse("privacy:policy-list")

    def feed_url(self):
        return reverse("privacy:policy-feed")

    def items(self):
        return (
            PolicyVersion.objects.announced().order_by("-announced_at", "-pk").prefetch_related("texts")[: self.LATEST]
        )

    def item_title(self, version):
        return _("%(document)s, version %(number)s") % {
            "document": version.get_document_display(),
            "number": version.number,
        }

    def item_description(self, version):
        return _summary(version)

    def item_link(self, version):
        return reverse("privacy:policy-version", args=[version.document, version.number])

    def item_pubdate(self, version):
        return version.announced_at

    def item_updateddate(self, version):
        return version.announced_at


class ConsentRequestView(TemplateView):
    """Asks who is logged in about the first version that waits for their answer (R004, R005)."""

    template_name = "privacy/consent_request.html"

    def get(self, request, *args, **kwargs):
        pending = policies.pending_for(request.user.subject)
        if not pending:
            return redirect(_safe_next(request) or settings.LOGIN_REDIRECT_URL)
        version = pending[0]
        return self.render_to_response(
            self.get_context_data(
                version=version,
                text=version.text_in(get_language()),
                bound=policies.for_subject(request.user.subject, version.document),
                others=len(pending) - 1,
                goes_on_to=_safe_next(request),
                **additions(version),
            )
        )


@require_POST
def accept(request, document, number):
    return _answer(
        request, document, number, consent.accept, _("You have agreed to version %(number)s of “%(title)s”.")
    )


@require_POST
def decline(request, document, number):
    return _answer(
        request,
        document,
        number,
        consent.decline,
        _("You have declined version %(number)s of “%(title)s”. The version before goes on applying to you."),
    )


def _answer(request, document, number, act, said):
    """Take the answer about one version: the only way in which one is given (R005).

    Where the version no longer asks (answered already, or superseded meanwhile), nothing is recorded and the newest is
    shown: nobody agrees to what they have not seen.
    """
    version, subject = announced_or_404(document, number), request.user.subject
    goes_on_to = _safe_next(request)
    if version not in [asking for asking, _declined_at in policies.asked_of(subject)]:
        return _no_longer_asked(request, subject, version, goes_on_to)
    served = version.text_in(get_language()).hash
    proof = ledger.proof_of(request, act.__name__, served=served) | {"language": get_language()}
    act(subject, version, by=request.user, proof=proof)
    messages.success(request, said % {"number": number, "title": version.get_document_display()})
    if policies.pending_for(subject):
        return redirect(_with_next("privacy:consent-request", goes_on_to=goes_on_to))
    if act is consent.decline:
        return redirect(_with_next("privacy:policy", document, goes_on_to=goes_on_to))
    return redirect(goes_on_to or settings.LOGIN_REDIRECT_URL)


def _no_longer_asked(request, subject, version, goes_on_to):
    asking = [other for other, _declined_at in policies.asked_of(subject) if other.document == version.document]
    if asking:
        messages.warning(request, _("Meanwhile a newer version is in force. Please read this one and answer again."))
        if policies.pending_for(subject):
            return redirect(_with_next("privacy:consent-request", goes_on_to=goes_on_to))
        return redirect(_with_next("privacy:policy", version.document, goes_on_to=goes_on_to))
    messages.info(request, _("Nothing is asked about this version; your earlier answer stands."))
    return redirect(goes_on_to or reverse("privacy:policy", args=[version.document]))


def _with_next(name, *arguments, goes_on_to):
    address = reverse(name, args=arguments)
    return f"{address}?{urlencode({'next': goes_on_to})}" if goes_on_to else address


def _safe_next(request):
    """The page of ours that the person wanted to open, or ""."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts, is_secure = {request.get_host()}, request.is_secure()
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=is_secure) else ""
