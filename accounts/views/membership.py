"""The people of an operator (page 29), and how one becomes one of them."""

import uuid

from django.contrib import messages
from django.db.models import Case, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import View

from .. import limits
from ..forms.membership import InvitationForm, JoinRequestForm, RoleForm
from ..forms.registration import CodeForm
from ..models import EDITING, Invitation, JoinRequest, Membership, Role, registration_model
from ..services import membership as services
from ..templatetags.accounts import called
from .access import operator_or_404, role_in
from .answers import sections

OWNER_FIRST = Case(When(role=Role.OWNER, then=Value(0)), When(role=Role.EDITOR, then=Value(1)), default=Value(2))


class OperatorDetailView(View):
    """What the operator has registered, as approved, and the way to change it."""

    def get(self, request, ref):
        operator = operator_or_404(request.user, ref)
        model = registration_model(operator.side)
        context = {
            "operator": operator,
            "sections": sections(operator, operator.side),
            "registration": model.objects.filter(operator=operator).order_by("-pk").first(),
            "open": model.objects.open().filter(operator=operator).first(),
            "can_edit": role_in(request.user, operator) in EDITING,
        }
        return render(request, "accounts/operator_detail.html", context)


class MembershipListView(View):
    """Everybody who acts for the operator; for owners also who was invited, who asks to join, and a form to invite."""

    def get(self, request, ref):
        return self.page(request, operator_or_404(request.user, ref), InvitationForm(initial={"ref": uuid.uuid4()}))

    def post(self, request, ref):
        operator = operator_or_404(request.user, ref, Role.OWNER)
        form = InvitationForm(request.POST)
        if not form.is_valid():
            return self.page(request, operator, form)
        if limits.allows(request, "invite"):
            data = form.cleaned_data
            services.invite(operator, by=request.user, role=data["role"], email=data["email"], ref=data["ref"])
            messages.success(request, _("We have emailed a code to %(address)s.") % {"address": data["email"]})
        else:
            messages.error(request, _("Too many tries. Wait an hour."))
        return redirect("accounts:membership-list", ref)

    def page(self, request, operator, form):
        is_owner = role_in(request.user, operator) == Role.OWNER
        context = {
            "operator": operator,
            "memberships": operator.memberships.select_related("user").order_by(OWNER_FIRST, "pk"),
            "is_owner": is_owner,
            "roles": Role.choices,
            "form": form,
            "invitations": [],
            "join_requests": [],
        }
        if is_owner:
            context["invitations"] = operator.invitations.open().order_by("pk")
            context["join_requests"] = (
                operator.join_requests.filter(answered_at=None).select_related("user").order_by("pk")
            )
        return render(request, "accounts/membership_list.html", context)


def membership_or_404(person, ref):
    """The membership `ref` in an operator that `person` owns."""
    memberships = Membership.objects.select_related("user", "operator")
    owned = {"operator__memberships__user": person, "operator__memberships__role": Role.OWNER}
    return get_object_or_404(memberships, ref=ref, **owned)


@require_POST
def withdraw_invitation(request, ref):
    owned = {"operator__memberships__user": request.user, "operator__memberships__role": Role.OWNER}
    invitation = get_object_or_404(Invitation.objects.select_related("operator"), ref=ref, **owned)
    services.withdraw_invitation(invitation, by=request.user)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("accounts:membership-list", invitation.operator.ref)


@require_POST
def change_role(request, ref):
    membership = membership_or_404(request.user, ref)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            services.change_role(membership, by=request.user, role=form.cleaned_data["role"])
        except services.LastOwner:
            messages.error(request, last_owner())
        except Membership.DoesNotExist as error:
            raise Http404 from error
        else:
            messages.success(request, _("The role is changed."))
    return redirect("accounts:membership-list", membership.operator.ref)


class OwnershipTransferView(View):
    """Make a colleague an owner in one's own place. Asks before it does."""

    def dispatch(self, request, ref):
        self.membership = membership_or_404(request.user, ref)
        if self.membership.user == request.user:
            raise Http404
        return super().dispatch(request, ref)

    def get(self, request, ref):
        operator = self.membership.operator
        values = {"operator": called(operator), "person": self.membership.user.email}
        context = {
            "question": _("Hand over the ownership of %(operator)s to %(person)s?") % values,
            "explanation": _("You become an editor, and only an owner can make you one again."),
            "action": _("Hand over"),
            "cancel_url": reverse("accounts:membership-list", args=[operator.ref]),
            "is_dangerous": True,
        }
        return render(request, "components/confirm.html", context)

    def post(self, request, ref):
        operator = self.membership.operator
        try:
            services.transfer_ownership(operator, by=request.user, to=self.membership)
        except services.LastOwner:
            messages.error(request, last_owner())
        else:
            messages.success(request, _("Your colleague is an owner now, and you are an editor."))
        return redirect("accounts:membership-list", operator.ref)


class MembershipRemoveView(View):
    """End a membership: one's own (leaving), or as an owner another's. Asks before it does."""

    def dispatch(self, request, ref):
        own = Membership.objects.select_related("user", "operator").filter(ref=ref, user=request.user).first()
        self.is_own = own is not None
        self.membership = own or membership_or_404(request.user, ref)
        return super().dispatch(request, ref)

    def get(self, request, ref):
        operator = self.membership.operator
        values = {"operator": called(operator), "person": self.membership.user.email}
        question = _("Leave %(operator)s?") if self.is_own else _("Remove %(person)s from %(operator)s?")
        context = {
            "question": question % values,
            "explanation": _("Coming back takes a new invitation."),
            "action": _("Leave") if self.is_own else _("Remove"),
            "cancel_url": reverse("accounts:membership-list", args=[operator.ref]),
            "is_dangerous": True,
        }
        return render(request, "components/confirm.html", context)

    def post(self, request, ref):
        operator = self.membership.operator
        try:
            services.remove_member(self.membership, by=request.user)
        except Membership.DoesNotExist as error:
            raise Http404 from error
        except services.LastOwner:
            messages.error(request, last_owner())
            return redirect("accounts:membership-list", operator.ref)
        if self.is_own:
            messages.success(request, _("You no longer act for %(operator)s.") % {"operator": called(operator)})
            return redirect("accounts:person")
        messages.success(
            request,
            _("%(person)s no longer acts for %(operator)s.")
            % {"person": self.membership.user.email, "operator": operator},
        )
        return redirect("accounts:membership-list", operator.ref)


@require_POST
def answer_join_request(request, ref):
    owned = {"operator__memberships__user": request.user, "operator__memberships__role": Role.OWNER}
    join_request = get_object_or_404(JoinRequest.objects.select_related("operator", "user__subject"), ref=ref, **owned)
    form = RoleForm(request.POST)
    accepted = request.POST.get("answer") == "yes" and form.is_valid()
    try:
        services.answer_join_request(
            join_request,
            by=request.user,
            accepted=accepted,
            **({"role": form.cleaned_data["role"]} if accepted else {}),
        )
    except services.OtherSide:
        messages.error(request, _("This person acts for a business of the other side by now, and cannot join yours."))
    except services.IsStaff:
        messages.error(request, _("An account of the staff acts for no business."))
    else:
        messages.success(request, _("Your answer is recorded, and the person is told by email."))
    return redirect("accounts:membership-list", join_request.operator.ref)


class InvitationAcceptView(View):
    """Type the code of an invitation, and join."""

    def get(self, request):
        return self.page(CodeForm())

    def post(self, request):
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        if not limits.allows(request, "type_code"):
            form.add_error("code", _("Too many tries. Wait 10 minutes."))
            return self.page(form)
        try:
            membership = services.accept_invitation(form.cleaned_data["code"], by=request.user)
        except services.WrongCode:
            form.add_error("code", _("That code is wrong or has expired. Ask your colleague for a new one."))
        except services.OtherSide:
            form.add_error(
                "code", _("You already act for a business of the other side. One person acts on one side only.")
            )
        except services.IsStaff:
            form.add_error("code", _("An account of the staff acts for no business."))
        else:
            messages.success(request, _("You now act for %(operator)s.") % {"operator": called(membership.operator)})
            return redirect("accounts:operator-detail", membership.operator.ref)
        return self.page(form)

    def page(self, form):
        return render(self.request, "accounts/invitation_accept.html", {"form": form})


class JoinRequestView(View):
    """Ask to join a business that is registered already. The answer is the same whether or not it was found."""

    def get(self, request):
        return self.page(JoinRequestForm())

    def post(self, request):
        form = JoinRequestForm(request.POST)
        if not form.is_valid():
            return self.page(form)
        if not limits.allows(request, "ask_to_join"):
            form.add_error(None, _("Too many tries. Wait an hour."))
            return self.page(form)
        for operator in services.operators_named_by(request.user, licence=form.cleaned_data.get("licence")):
            services.ask_to_join(operator, by=request.user)
        messages.info(
            request, _("If we find the business, we ask its owners. You get an email when they have answered.")
        )
        return redirect("accounts:person")

    def page(self, form):
        context = {"form": form}
        return render(self.request, "accounts/join_request_form.html", context)


def last_owner():
    return _("A business always has an owner. Make somebody else an owner first.")
