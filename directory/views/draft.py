"""An operator's own draft: its sections, preview, publication."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView, TemplateView

from accounts.fingerprint import fingerprint
from accounts.models import Role
from accounts.sides import Side

from .. import completeness, forms, services
from ..models import Listing, ListingDraft
from ..models.content import LANGUAGES
from ..shown import day
from .listing import page_of

SECTIONS = {
    Side.DOMESTIC: {
        "texts": (gettext_lazy("Texts"), forms.TextsForm),
        "categories": (gettext_lazy("Type of business"), forms.CategoriesForm),
        "areas": (gettext_lazy("Areas you serve"), forms.AreasForm),
        "offer": (gettext_lazy("What you offer"), forms.OfferForm),
        "terms": (gettext_lazy("Opening and terms"), forms.TermsForm),
    },
    Side.OVERSEAS: {
        "texts": (gettext_lazy("Texts"), forms.TextsForm),
        "offer": (gettext_lazy("Your travel business"), forms.BuyerForm),
        "wanted": (gettext_lazy("What you are looking for"), forms.WantedForm),
        "areas": (gettext_lazy("Areas that interest you"), forms.WantedAreasForm),
    },
}


@require_safe
def own_draft(request):
    """The draft of the operator the person acts for."""
    operator = request.user.acting_for
    if operator is None or not operator.memberships.who_may_edit().filter(user=request.user).exists():
        raise Http404
    return redirect("directory:draft-detail", ref=services.draft_of(operator).ref)


def managed_draft(person, ref):
    return get_object_or_404(ListingDraft.objects.managed_by(person).select_related("operator__contact"), ref=ref)


class ManagedDraftMixin:
    """The draft named in the address, if the person may edit it; otherwise it does not exist for them."""

    @cached_property
    def draft(self):
        return managed_draft(self.request.user, self.kwargs["ref"])

    def get_context_data(self, **kwargs):
        context = {"draft": self.draft, "operator": self.draft.operator, "back_url": self.back_url}
        return super().get_context_data(**context | kwargs)

    @property
    def back_url(self):
        return reverse("directory:draft-detail", args=[self.draft.ref])


class DraftDetailView(ManagedDraftMixin, TemplateView):
    """What there is, what is still to do, and whether the other side sees it."""

    template_name = "directory/draft_detail.html"

    def get_context_data(self, **kwargs):
        draft = self.draft
        tasks = completeness.tasks(draft)
        listing = Listing.objects.filter(operator=draft.operator).first()
        return super().get_context_data(
            **kwargs,
            sections=self._sections(tasks),
            to_do=[task for task in tasks if not task.is_done],
            states=self._states(),
            listing=listing,
            published=day(listing.updated_at) if listing else "",
            is_changed=listing is not None and listing.draft_version != draft.version,
            may_publish=services.may_publish(draft.operator),
            is_ready=not completeness.missing_before_publishing(draft),
        )

    def _states(self):
        """A row for each text, a cell for each language."""
        words = {
            completeness.WRITTEN: (_("Written"), ""),
            completeness.MISSING: (_("Missing"), "wait"),
            completeness.OUTDATED: (_("Older than the other"), "wait"),
        }
        rows = {}
        for name, _language, state in completeness.language_states(self.draft):
            label = ListingDraft._meta.get_field(name).verbose_name
            text, kind = words[state]
            row = rows.setdefault(name, {"label": capfirst(label), "cells": []})
            row["cells"].append({"state": text, "kind": kind})
        return list(rows.values())

    def _sections(self, tasks):
        """For components/task_list.html."""
        names = {name: label for name, (label, _form) in SECTIONS[self.draft.operator.side].items()}
        names |= {"photos": _("Photos"), "contact": _("Contact data that is shown")}
        rows = []
        for name, label in names.items():
            open_tasks = [task for task in tasks if task.section == name and not task.is_done]
            rows.append(
                {
                    "label": label,
                    "url": section_url(self.draft, name),
                    "state": _("To do") if open_tasks else _("Complete"),
                    "kind": "wait" if open_tasks else "",
                    "hint": " · ".join(str(task.label) for task in open_tasks),
                }
            )
        return rows


def section_url(draft, name):
    route = {"photos": "photo-list", "contact": "draft-contact"}.get(name)
    if route:
        return reverse(f"directory:{route}", args=[draft.ref])
    return reverse("directory:draft-update", args=[draft.ref, name])


class LanguageSwitchMixin:
    """A form that the header's language buttons save before they lead to the same page in that language."""

    # Where the form is sent. After a switch that could not save, the same page in the new language.
    action = ""

    def post(self, request, *args, **kwargs):
        wanted = request.POST.get("switch_language")
        if wanted not in LANGUAGES:
            return super().post(request, *args, **kwargs)
        self.action = translate_url(request.get_full_path(), wanted)
        translation.activate(wanted)
        form = self.get_form()
        if form.is_valid() and self.keep(form):
            return redirect(self.action)
        return self.form_invalid(form)

    def form_valid(self, form):
        if not self.keep(form):
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return redirect("directory:draft-detail", ref=self.kwargs["ref"])

    def get_context_data(self, **kwargs):
        action = self.action or self.request.get_full_path()
        return super().get_context_data(**kwargs, form_id="draft", action=action)


class ColleaguesMixin:
    """A `RecordForm` of `record`. If a colleague saved meanwhile, both versions are shown, and nothing is lost."""

    conflict = ()

    def get_form(self, form_class=None):
        form_class = form_class or self.get_form_class()
        return form_class(self.request.POST if self.request.method == "POST" else None, record=self.record)

    def keep(self, form):
        """Whether it could be saved; `store` does, or raises `Stale`."""
        try:
            self.store(form)
        except services.Stale as stale:
            self.conflict = list(differences(form, stale.record))
            # What is typed stays; saved again, it replaces what is shown beside it.
            form.data = form.data.copy()
            form.data["seen"] = fingerprint(stale.record, form.STORED)
            return False
        return True

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, conflict=self.conflict)


class SectionUpdateView(LanguageSwitchMixin, ColleaguesMixin, ManagedDraftMixin, FormView):
    """One section of the draft. Saves what is there; publishing says what is missing."""

    template_name = "directory/draft_form.html"
    success_message = gettext_lazy("Saved as a draft. The other side sees it once you publish.")

    @cached_property
    def section(self):
        try:
            return SECTIONS[self.draft.operator.side][self.kwargs["section"]]
        except KeyError:
            raise Http404 from None

    @property
    def record(self):
        return self.draft

    def get_form_class(self):
        _label, form_class = self.section
        return form_class

    def store(self, form):
        services.save(self.draft, form.values, seen=form.cleaned_data["seen"], by=self.request.user)

    def get_context_data(self, **kwargs):
        label, _form_class = self.section
        context = super().get_context_data(**kwargs, label=label)
        rows = list(rows_of(context["form"]))
        side_by_side = any(other for _field, other in rows)
        return context | {"rows": rows, "form_class": "stack" if side_by_side else "form"}


def rows_of(form):
    """(field, the same in the other language or None): what is written in both languages stands side by side."""
    for name in form.fields:
        if name.endswith("_en"):
            yield form[name], form[f"{name.removesuffix('_en')}_ja"]
        elif not (name.endswith("_ja") or name == "seen"):
            yield form[name], None


def differences(form, theirs):
    """(label, what the colleague saved) of every field where it differs from what was typed."""
    stored = type(form)(record=theirs)
    for field in form:
        saved = stored.initial.get(field.name)
        if not field.is_hidden and field.name in form.cleaned_data and form.cleaned_data[field.name] != saved:
            yield field.label, written(field.field, saved)


def written(field, value):
    """A stored value in words."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    names = {code: str(name) for code, name in forms.flat(getattr(field, "choices", []))}
    if isinstance(value, list):
        return ", ".join(names.get(code, code) for code in value)
    return names.get(value, "" if value is None else str(value))


class ContactView(LanguageSwitchMixin, ColleaguesMixin, ManagedDraftMixin, FormView):
    """The owner's choice of contact data for the other side; it holds at once. Editors read it."""

    template_name = "directory/contact_form.html"
    form_class = forms.ContactForm
    success_message = gettext_lazy("Saved. This holds at once.")

    @cached_property
    def is_owner(self):
        return self.draft.operator.memberships.filter(user=self.request.user, role=Role.OWNER).exists()

    @property
    def record(self):
        return self.draft.operator

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["shown_contact"].disabled = not self.is_owner
        return form

    def store(self, form):
        if not self.is_owner:
            raise Http404
        chosen, seen = form.cleaned_data["shown_contact"], form.cleaned_data["seen"]
        services.show_contact(self.record, chosen, seen=seen, by=self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, is_owner=self.is_owner)


class DraftPreviewView(ManagedDraftMixin, TemplateView):
    """The listing as the other side would see it now."""

    template_name = "directory/listing_detail.html"

    def get_context_data(self, **kwargs):
        listing = services.preview(self.draft)
        page = page_of(listing, self.request.user, side=Side(listing.side).other)
        return super().get_context_data(**kwargs, **page, listing=listing)


@require_POST
def publish_draft(request, ref):
    draft = managed_draft(request.user, ref)
    try:
        services.publish(draft, by=request.user)
    except services.NotApproved:
        messages.warning(request, _("You can publish once the city's staff have approved your business."))
    except services.Incomplete as incomplete:
        missing = ", ".join(str(task.label) for task in incomplete.args[0])
        messages.warning(request, _("Before you can publish: %(tasks)s") % {"tasks": missing})
    else:
        messages.success(request, _("Your listing is published. The other side can find it now."))
    return redirect("directory:draft-detail", ref=draft.ref)


@require_POST
def confirm_languages(request, ref):
    draft = managed_draft(request.user, ref)
    services.confirm_languages(draft, by=request.user)
    messages.success(request, _("Noted: both languages say the same."))
    return redirect("directory:draft-detail", ref=draft.ref)


class UnpublishView(ManagedDraftMixin, TemplateView):
    """Asks first, then takes the listing away; the draft stays."""

    template_name = "components/confirm.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            question=_("Take your listing away from the other side?"),
            explanation=_(
                "Nobody on the other side finds it from then on. Your draft stays, and you can publish it again."
            ),
            action=_("Unpublish"),
            cancel_url=self.back_url,
            is_dangerous=True,
            form=None,
        )

    def post(self, request, ref):
        services.unpublish(self.draft, by=request.user)
        messages.success(request, _("Your listing is no longer published."))
        return redirect("directory:draft-detail", ref=ref)
