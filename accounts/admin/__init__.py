from .operators import DecisionAdmin, MembershipAdmin, OperatorAdmin
from .people import UserAdmin
from .registrations import DomesticRegistrationAdmin, OverseasRegistrationAdmin

__all__ = [
    "DecisionAdmin",
    "DomesticRegistrationAdmin",
    "MembershipAdmin",
    "OperatorAdmin",
    "OverseasRegistrationAdmin",
    "UserAdmin",
]
