"""Which inquiries and reports are a person's when they are erased."""

from privacy.endings import address_source, addressed

from .models import ChildCase, Inquiry, Unconfirmed

# Without a log-in, an inquiry is known by its address only (C10).
addressed(Inquiry, "email")
addressed(Unconfirmed, "email")
addressed(ChildCase, "child_email")


@address_source
def addresses_of_inquiries(subject):
    return Inquiry.objects.filter(subject=subject).values_list("email", flat=True)
