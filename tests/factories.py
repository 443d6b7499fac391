"""Rows for tests: invented people and businesses."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import (
    DomesticRegistration,
    Membership,
    Operator,
    OperatorPeople,
    OverseasRegistration,
    Role,
    User,
)
from accounts.models.business import PEOPLE_FIELDS
from accounts.sides import Side
from directory.models import ListingDraft
from privacy import consent
from privacy.models import Subject

PASSWORD = "a long enough password"


class SubjectFactory(DjangoModelFactory):
    """A person who was told of the policies in force; `informed=False` for one who was not."""

    class Meta:
        model = Subject
        skip_postgeneration_save = True

    language = "en"

    @factory.post_generation
    def informed(self, create, extracted, **kwargs):
        if extracted is not False:
            consent.inform(self)


class UserFactory(DjangoModelFactory):
    """A person with a verified address; `language` is their subject's."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        language = "en"

    email = factory.Sequence(lambda n: f"person{n}@business.example")
    subject = factory.SubFactory(SubjectFactory, language=factory.SelfAttribute("..language"))
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def address(self, create, extracted, **kwargs):
        self.emailaddress_set.create(email=self.email, verified=True, primary=True)


class OperatorFactory(DjangoModelFactory):
    """An approved operator of the Tokyo side, in the cross-view; `overseas=True` for the other side.

    The values of its people stand in their own table once it is approved.
    """

    class Meta:
        model = Operator

    class Params:
        overseas = factory.Trait(
            side=Side.OVERSEAS,
            business_name=factory.Sequence(lambda n: f"Voyages Exemple {n}"),
            business_name_romanised="",
            country="FR",
            city="Lyon",
            postcode="69001",
            prefecture="",
            has_tokyo_office=None,
            tokyo_municipality="",
            tokyo_address="",
            tokyo_office_confirmed_at=None,
            representative_name="",
            contact_telephone="",
            licence_state="",
            telephone="+33478000000",
        )

    side = Side.DOMESTIC
    business_name = factory.Sequence(lambda n: f"見本旅館{n}")
    business_name_romanised = factory.Sequence(lambda n: f"Mihon Ryokan {n}")
    postcode = "1110032"
    prefecture = "13"
    city = "台東区浅草"
    street_address = "9-9-9"
    telephone = "+81335550100"
    has_no_homepage = True
    employees = 12
    representative_name = "見本 太郎"
    has_tokyo_office = True
    tokyo_municipality = "131067"
    tokyo_address = "浅草9-9-9"
    tokyo_office_confirmed_at = factory.LazyFunction(timezone.now)
    licence_state = "not needed"
    licence_reason = "見本のため"
    contact_name = "見本 花子"
    contact_telephone = "+81335550101"
    contact_email = factory.Sequence(lambda n: f"contact{n}@business.example")
    contact = factory.SubFactory(SubjectFactory)
    approved_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        people = {name: kwargs.pop(name) for name in PEOPLE_FIELDS}
        operator = super()._create(model_class, *args, **kwargs)
        if operator.approved_at:
            OperatorPeople.objects.create(operator=operator, **people)
        return operator


class MembershipFactory(DjangoModelFactory):
    """A person who acts for an operator, as its owner."""

    class Meta:
        model = Membership

    operator = factory.SubFactory(OperatorFactory)
    side = factory.SelfAttribute("operator.side")
    role = Role.OWNER
    user = factory.SubFactory(
        UserFactory,
        side=factory.SelfAttribute("..side"),
        acting_for=factory.SelfAttribute("..operator"),
    )


def make_member(operator=None, *, role=Role.OWNER, language="en", **operator_values):
    """A person who acts for `operator`, or for a new one with `operator_values`."""
    operator = operator or OperatorFactory(**operator_values)
    operator.refresh_from_db()
    return MembershipFactory(operator=operator, role=role, user__language=language).user


class DomesticRegistrationFactory(DjangoModelFactory):
    """A complete draft of a first application, for an operator whose owner is its person in charge."""

    class Meta:
        model = DomesticRegistration

    operator = factory.SubFactory(OperatorFactory, approved_at=None, tokyo_office_confirmed_at=None, contact=None)
    business_name = factory.Sequence(lambda n: f"申請旅館{n}")
    business_name_romanised = "Shinsei Ryokan"
    postcode = "1110032"
    prefecture = "13"
    city = "台東区浅草"
    street_address = "9-9-9"
    telephone = "+81335550100"
    has_no_homepage = True
    employees = 12
    representative_name = "見本 太郎"
    has_tokyo_office = True
    tokyo_municipality = "131067"
    tokyo_address = "浅草9-9-9"
    licence_state = "not needed"
    licence_reason = "見本のため"
    contact_name = "見本 花子"
    contact_telephone = "+81335550101"

    @factory.lazy_attribute
    def contact_email(self):
        return make_member(self.operator).email


class OverseasRegistrationFactory(DjangoModelFactory):
    class Meta:
        model = OverseasRegistration

    operator = factory.SubFactory(OperatorFactory, overseas=True, approved_at=None, contact=None)
    business_name = factory.Sequence(lambda n: f"Agence Exemple {n}")
    country = "FR"
    street_address = "1 rue de l'Exemple"
    city = "Lyon"
    postcode = "69001"
    telephone = "+33478000000"
    has_no_homepage = True
    employees = 4
    contact_name = "Camille Exemple"

    @factory.lazy_attribute
    def contact_email(self):
        return make_member(self.operator).email


class ListingDraftFactory(DjangoModelFactory):
    """What an approved operator could publish."""

    class Meta:
        model = ListingDraft

    operator = factory.SubFactory(OperatorFactory)
    headline_en = "Rooms by the river"
    headline_ja = "川沿いの宿"
    description_en = "Twelve rooms with a garden."
    description_ja = "庭のある十二室の宿です。"
    categories = ["ACC-02"]
    areas = ["131067"]
    languages = ["en", "ja"]
