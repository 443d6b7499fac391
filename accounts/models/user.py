from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from privacy import consent
from privacy.models import Subject

from ..sides import Side
from .operator import Role


class UserQuerySet(models.QuerySet):
    def reviewers(self):
        """Staff whose role lets them answer registrations."""
        may_review = models.Q(groups__permissions__codename="review_registrations")
        return self.filter(may_review, is_active=True, is_staff=True).distinct()

    def owners_of(self, operator):
        """Who looks after the operator; not those who have no access any more."""
        return self.filter(memberships__operator=operator, memberships__role=Role.OWNER, is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, password=None, **fields):
        """A person with the canonical address `email`, for which the caller vouches, and who is told of the policies.

        `fields` may hold the `language` of their `Subject`.
        """
        language = fields.pop("language", None) or get_language() or settings.LANGUAGE_CODE
        user = self.model(email=email, subject=Subject.objects.create(language=language), **fields)
        user.set_password(password)
        user.save()
        consent.inform(user.subject, actor="portal")
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with a log-in. They act on one side only; the database holds them to it (C13)."""

    email = models.EmailField(
        _("email address"),
        unique=True,
        error_messages={"unique": _("This address is already in use.")},
    )
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="user", verbose_name=_("data subject"))
    # Null until they act for somebody: a key that memberships refer to holds no empty text.
    side = models.CharField(_("side"), max_length=8, choices=Side, null=True, blank=True)  # noqa: DJ001
    acting_for = models.ForeignKey(
        "Operator",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acting for"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    # Of staff: the code of the company they work for; "" is the city. What they see passes the gate with it.
    recipient = models.CharField(_("works for"), max_length=40, blank=True, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_canonical"),
            models.UniqueConstraint(fields=["id", "side"], name="user_id_side"),
            models.CheckConstraint(
                condition=models.Q(recipient="") | models.Q(is_staff=True), name="user_of_a_recipient_is_staff"
            ),
        ]

    def save(self, *args, **kwargs):
        if self.subject_id is None:
            self.subject = Subject.objects.create(language=get_language() or settings.LANGUAGE_CODE)
        super().save(*args, **kwargs)

    @property
    def ref(self):
        return self.subject.ref

    @property
    def language(self):
        return self.subject.language

    def side_across(self):
        """The side whose listings this person may see, or None: their operator must be in the cross-view itself."""
        operator = self.acting_for
        return Side(operator.side).other if operator and operator.in_cross_view else None
