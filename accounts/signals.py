"""What allauth tells. It confirms an address in three ways (sign-up, log-in by code, new password), and its adapter
hears of one only."""

from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from .services import people


@receiver(email_confirmed)
def address_confirmed(request, email_address, **kwargs):
    people.record_sign_up(email_address.user, request)
