"""From a waiting message to a mail, in the language of its reader."""

from email.charset import QP, Charset
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation

from outbox.addresses import Address
from outbox.models import Message

# Passes every mail server, however old (RFC 5321, 4.5.3.1.6 and RFC 2045, 6.7).
SEVEN_BIT = Charset("utf-8")
SEVEN_BIT.body_encoding = QP


def compose(message: Message, to: Address) -> EmailMultiAlternatives:
    """The mail, ready to be handed over. Raises ValueError for an address or a name that would break a header."""
    with translation.override(to.language):
        site_name = settings.SITE_NAME[to.language]
        context = message.context | {
            "site_name": site_name,
            "site_url": settings.SITE_URL,
            "secretariat_email": settings.SECRETARIAT_EMAIL,
            "language": to.language,
            # For a link to the reasons, where the reader can open it.
            "what_for": {"purpose": message.purpose, "topic": message.topic} if to.has_account else None,
        }
        mail = EmailMultiAlternatives(
            # One line, whatever a name in it holds.
            subject=" ".join(_render(f"{message.template}.subject.txt", context).split()),
            body=_render(f"{message.template}.txt", context).strip() + "\n",
            from_email=formataddr((site_name, settings.DEFAULT_FROM_EMAIL)),
            to=[to.email],
            headers={
                "Message-ID": message.message_id,
                "Auto-Submitted": "auto-generated",  # RFC 3834: out-of-office robots stay silent.
                "Content-Language": to.language,
            },
        )
        mail.encoding = SEVEN_BIT
        try:
            html = get_template(f"{message.template}.html")
        except TemplateDoesNotExist:
            pass
        else:
            mail.attach_alternative(html.render(context), "text/html")
    mail.message()
    return mail


def _render(template_name: str, context: dict) -> str:
    """A text is not HTML: its quotes and ampersands stay as they are."""
    return get_template(template_name).template.render(Context(context, autoescape=False))
