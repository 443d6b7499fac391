"""Registering, the organisation and its people. Noun, then verb."""

from django.urls import path, register_converter

from .sides import Side
from .views import membership, person, registration


class SideConverter:
    regex = "|".join(Side.values)

    def to_python(self, value):
        return Side(value)

    def to_url(self, value):
        return Side(value).value


register_converter(SideConverter, "side")

app_name = "accounts"
urlpatterns = [
    path("registration/", registration.RegistrationStartView.as_view(), name="registration-start"),
    path("registration/age/", registration.AgeView.as_view(), name="age"),
    path(
        "registration/age/under-16/",
        registration.AgeView.as_view(template_name="accounts/under_age.html"),
        name="under-age",
    ),
    path("registration/<side:side>/", registration.RegistrationBeginView.as_view(), name="registration-begin"),
    path("registration/<uuid:ref>/", registration.RegistrationDetailView.as_view(), name="registration-detail"),
    path("registration/<uuid:ref>/check/", registration.RegistrationCheckView.as_view(), name="registration-check"),
    path("registration/<uuid:ref>/sent/", registration.RegistrationSentView.as_view(), name="registration-sent"),
    path("registration/<uuid:ref>/status/", registration.RegistrationStatusView.as_view(), name="registration-status"),
    path(
        "registration/<uuid:ref>/address/", registration.RegistrationAddressView.as_view(), name="registration-address"
    ),
    path("registration/<uuid:ref>/hand-over/", registration.hand_over_registration, name="registration-hand-over"),
    path("registration/<uuid:ref>/<slug:step>/", registration.RegistrationStepView.as_view(), name="registration-step"),
    path("organisations/<uuid:ref>/", membership.OperatorDetailView.as_view(), name="operator-detail"),
    path("organisations/<uuid:ref>/change/", registration.change_registration, name="registration-change"),
    path("organisations/<uuid:ref>/members/", membership.MembershipListView.as_view(), name="membership-list"),
    path("members/<uuid:ref>/role/", membership.change_role, name="membership-role"),
    path("members/<uuid:ref>/make-owner/", membership.OwnershipTransferView.as_view(), name="membership-transfer"),
    path("members/<uuid:ref>/remove/", membership.MembershipRemoveView.as_view(), name="membership-remove"),
    path("invitations/accept/", membership.InvitationAcceptView.as_view(), name="invitation-accept"),
    path("invitations/<uuid:ref>/withdraw/", membership.withdraw_invitation, name="invitation-withdraw"),
    path("join-requests/new/", membership.JoinRequestView.as_view(), name="join-request-create"),
    path("join-requests/<uuid:ref>/answer/", membership.answer_join_request, name="join-request-answer"),
    path("person/", person.PersonView.as_view(), name="person"),
    path("person/acting-for/", person.switch_operator, name="operator-switch"),
]
