"""The facts of a business: the fields of R030 and R031, and no others. Registrations propose, operators have them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LicenceState(models.TextChoices):
    HELD = "held", _("We hold a licence or have filed a notification")
    FOLLOWS = "follows", _("The number is to follow")
    NOT_NEEDED = "not needed", _("Our business needs none")


class Business(models.Model):
    """What both sides give."""

    business_name = models.CharField(_("business name"), max_length=100, blank=True)
    business_name_key = models.CharField(max_length=100, blank=True, editable=False)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    street_address = models.CharField(_("street address"), max_length=300, blank=True)
    telephone = models.CharField(_("telephone number"), max_length=20, blank=True)
    homepage = models.URLField(_("homepage"), max_length=200, blank=True)
    has_no_homepage = models.BooleanField(_("we have no homepage"), default=False)
    employees = models.PositiveIntegerField(_("number of employees"), null=True, blank=True)

    class Meta:
        abstract = True


class DomesticBusiness(models.Model):
    """What only the Tokyo side gives."""

    business_name_romanised = models.CharField(_("business name in Latin letters"), max_length=100, blank=True)
    prefecture = models.CharField(_("prefecture"), max_length=2, blank=True)
    has_tokyo_office = models.BooleanField(_("business office in Tokyo"), null=True, blank=True)
    tokyo_municipality = models.CharField(_("municipality of the Tokyo office"), max_length=6, blank=True)
    tokyo_address = models.CharField(_("address of the Tokyo office"), max_length=300, blank=True)
    licence_state = models.CharField(_("tourism business licence"), max_length=10, choices=LicenceState, blank=True)
    # [{"kind": code of accounts.licences, "authority": text, "number": text}]
    licences = models.JSONField(_("licence numbers"), default=list, blank=True)
    licence_reason = models.CharField(_("why no licence is needed"), max_length=300, blank=True)

    class Meta:
        abstract = True


class OverseasBusiness(models.Model):
    """What only the overseas side gives."""

    country = models.CharField(_("country or region"), max_length=2, blank=True)
    region = models.CharField(_("state or province"), max_length=100, blank=True)

    class Meta:
        abstract = True


class People(models.Model):
    """Of whom both sides give personal values."""

    contact_name = models.CharField(_("name of person in charge"), max_length=100, blank=True)
    contact_email = models.EmailField(_("email of person in charge"), max_length=254, blank=True)

    class Meta:
        abstract = True


class DomesticPeople(models.Model):
    """What only the Tokyo side gives of people."""

    representative_name = models.CharField(_("name of registered representative"), max_length=100, blank=True)
    contact_telephone = models.CharField(_("telephone of person in charge"), max_length=20, blank=True)

    class Meta:
        abstract = True


def _names(*models):
    return [field.name for model in models for field in model._meta.fields if field.editable]


DOMESTIC_FIELDS = _names(Business, DomesticBusiness, People, DomesticPeople)
OVERSEAS_FIELDS = _names(Business, OverseasBusiness, People)
PEOPLE_FIELDS = _names(People, DomesticPeople)
