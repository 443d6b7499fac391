from .business import DomesticBusiness, LicenceState, OverseasBusiness
from .codes import AddressProof, Invitation
from .membership import JoinRequest, Membership
from .operator import EDITING, Operator, OperatorPeople, Role, ShownContact
from .registration import (
    Decision,
    DomesticRegistration,
    OverseasRegistration,
    Registration,
    registration_model,
)
from .user import User

__all__ = [
    "EDITING",
    "AddressProof",
    "Decision",
    "DomesticBusiness",
    "DomesticRegistration",
    "Invitation",
    "JoinRequest",
    "LicenceState",
    "Membership",
    "Operator",
    "OperatorPeople",
    "OverseasBusiness",
    "OverseasRegistration",
    "Registration",
    "Role",
    "ShownContact",
    "User",
    "registration_model",
]
