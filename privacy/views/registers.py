from django.views.generic import TemplateView

from .. import policies, registers
from ..models import Document
from ..policies.rendering import contact


class RecordOfProcessingView(TemplateView):
    """What is done with personal data, purpose by purpose (GDPR Art. 30)."""

    template_name = "privacy/record_of_processing.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            activities=registers.activities(),
            times=registers.times(),
            version=policies.in_force(Document.PRIVACY),
            **contact(),
            **kwargs,
        )


class FileRegisterView(TemplateView):
    """The personal-information files (APPI Art. 75)."""

    template_name = "privacy/file_register.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(files=registers.identifying_files(), **contact(), **kwargs)
