"""The record of processing (GDPR Art. 30) and the register of personal-information files (APPI Art. 75), read from the
declarations, the purposes in code and the recipients' register, so that they are never behind the program (L05)."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language

from .declarations import DataClass, Declaration, declared
from .models import Recipient
from .purposes import RULES, Purpose


@dataclass(frozen=True)
class File:
    """The rows of one model: what an office would call a file."""

    declaration: Declaration

    @property
    def name(self):
        return capfirst(self.declaration.model._meta.verbose_name_plural)

    @property
    def items(self):
        """The recorded items in words, each once; what only ties rows together is none."""
        fields = (self.declaration.model._meta.get_field(name) for name in self._told)
        return list(dict.fromkeys(capfirst(field.verbose_name) for field in fields))

    @property
    def _told(self):
        classes = self.declaration.of_class(DataClass.IDENTIFYING, DataClass.BUSINESS, DataClass.TECHNICAL)
        return [
            name
            for name in classes + self.declaration.of_class(DataClass.EVIDENCE)
            if not self.declaration.model._meta.get_field(name).is_relation
        ]

    @property
    def purposes(self):
        return self.declaration.purposes

    @property
    def source(self):
        return self.declaration.source.label

    @property
    def retention(self):
        return self.declaration.retention.label

    @cached_property
    def recipients(self):
        return recipients_of(self.purposes)


@dataclass(frozen=True)
class Activity:
    """One purpose: what is done under it."""

    purpose: Purpose

    @property
    def rule(self):
        return RULES[self.purpose]

    @cached_property
    def files(self):
        return [file for file in files() if self.purpose in file.purposes]

    @property
    def retentions(self):
        return list(dict.fromkeys(file.retention for file in self.files))

    @cached_property
    def recipients(self):
        return recipients_of([self.purpose])


def activities():
    """Every purpose, as the record of processing lists them."""
    return [Activity(purpose) for purpose in Purpose]


def files():
    """Every model that tells of people or their businesses, by its name in the reader's language."""
    about_people = (declaration for declaration in declared() if declaration.is_personal)
    return sorted((File(declaration) for declaration in about_people), key=lambda file: str(file.name))


def identifying_files():
    """Those by which a person can be found: the files that the law asks to register."""
    return [file for file in files() if file.declaration.of_class(DataClass.IDENTIFYING)]


def recipients_of(purposes):
    """The names of those who receive data for one of `purposes` at present."""
    current = Recipient.objects.current(timezone.now()).filter(purposes__overlap=[*purposes])
    return [recipient.name(get_language()) for recipient in current]
