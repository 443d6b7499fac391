"""The record of processing (GDPR Art. 30) and the register of personal-information files (APPI Art. 75), read from the
declarations, the purposes in code and the recipients' register, so that they are never behind the program (L05)."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext

from .declarations import DataClass, Declaration, declared
from .models import Recipient
from .purposes import RULES, Purpose, Whose
from .retention import Retention, in_words

TOLD = [DataClass.IDENTIFYING, DataClass.BUSINESS, DataClass.TECHNICAL, DataClass.EVIDENCE]


@dataclass(frozen=True)
class File:
    """The rows of one model: what an office would call a file. With a `purpose`: what of it serves that."""

    declaration: Declaration
    purpose: Purpose | None = None

    @property
    def name(self):
        return self.declaration.name

    @property
    def items(self):
        """The recorded items in words, each once; what only ties rows together is none."""
        told = filter(self._serves, self.declaration.readable(self.declaration.of_class(*TOLD)))
        hidden = [name for name in self.declaration.never_shown if self._serves(name)]
        words = [
            *(str(self.declaration.label(name)) for name in told),
            *([gettext("Hashes and keys")] if hidden else []),
        ]
        return list(dict.fromkeys(words))

    def _serves(self, name):
        return self.purpose is None or self.purpose in self.declaration.purposes_by_field[name]

    @property
    def purposes(self):
        return self.declaration.purposes

    @property
    def people(self):
        """Whose data are in it, in words. A purpose that covers everybody adds nobody to a file of others."""
        those = dict.fromkeys(RULES[purpose].whose for purpose in self.purposes)
        return [whose.label for whose in those if whose != Whose.EVERYBODY or len(those) == 1]

    @property
    def source(self):
        return self.declaration.source.label

    @property
    def retention(self):
        return self.declaration.retention

    @property
    def times(self):
        return in_words(self.retention)

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
        found = (File(file.declaration, self.purpose) for file in files() if self.purpose in file.purposes)
        return [file for file in found if file.items]

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


def times():
    """Every `Retention` that a file about people has."""
    used = {retention for file in files() for retention in file.retention}
    return [retention for retention in Retention if retention in used]


def recipients_of(purposes):
    """In words who receives data for one of `purposes` at present: those who work for the city, and other readers."""
    working = Recipient.objects.current(timezone.now()).filter(purposes__overlap=[*purposes])
    names = [recipient.name(get_language()) for recipient in working]
    return names + [RULES[purpose].also_shown_to for purpose in purposes if RULES[purpose].also_shown_to]
