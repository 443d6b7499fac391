"""Django's SMTP backend with a time-out for each step, and with a name for not knowing."""

import smtplib

from django.core.mail.backends import smtp

# Seconds. The last is RFC 5321, 4.5.3.2.6: a server that hangs up on too short a wait may have kept the mail.
CONNECT, COMMAND, FINAL_DOT = 10, 60, 600


class Unanswered(Exception):
    """The content was on its way and no answer came: the server may have taken it."""


class _PatientMixin:
    def _get_socket(self, host, port, timeout):
        sock = super()._get_socket(host, port, CONNECT)
        sock.settimeout(COMMAND)
        return sock

    def data(self, msg):
        self.sock.settimeout(FINAL_DOT)
        try:
            answer = super().data(msg)
        except smtplib.SMTPResponseException:
            raise
        except OSError as error:
            raise Unanswered from error
        self.sock.settimeout(COMMAND)
        return answer


class PatientSMTP(_PatientMixin, smtplib.SMTP):
    pass


class PatientSMTP_SSL(_PatientMixin, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self):
        return PatientSMTP_SSL if self.use_ssl else PatientSMTP

    def open(self):
        """Also exchange greetings: what fails by then was not yet a handing over."""
        opened = super().open()
        if opened:
            self.connection.ehlo_or_helo_if_needed()
        return opened
