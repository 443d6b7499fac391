"""What somebody states by signing up: shown above the button, and written into the ledger once the address is known to
be theirs (R005, R111)."""

from django.utils.translation import gettext_lazy as _

AGE = _("By registering you state that you are 16 or older, and that you act for a business or a public body.")
TERMS = _("I agree to the terms of use.")
