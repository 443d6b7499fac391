"""Why data are used, or not, for the person themselves: "Why did I get this?", "Why can they see this?"."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from ..explanation import explain
from ..models import Recipient, Topic
from ..purposes import RULES, Purpose


class DayForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("As it was on this day"),
        help_text=gettext_lazy("Leave it empty for now. A day that has passed counts to its end, in Tokyo."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("Give a day that has come already."))
        return day


class ExplanationView(TemplateView):
    """One purpose, by topic and by who does it; `?topic=` chooses one topic, `?on=` a past day."""

    template_name = "privacy/explanation.html"

    def get_context_data(self, purpose, **kwargs):
        if purpose not in Purpose:
            raise Http404
        purpose = Purpose(purpose)
        form = DayForm(self.request.GET if "on" in self.request.GET else None)
        day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
        at = end_of(day) if day and day < timezone.localdate() else None
        return super().get_context_data(
            purpose=purpose,
            is_mail=RULES[purpose].by_topic,
            is_networking=purpose == Purpose.NETWORKING,
            form=form,
            topic=self.request.GET.get("topic", ""),
            cases=[
                (title, explain(self.request.user.subject, purpose, recipient, topic, at))
                for title, recipient, topic in self._cases(purpose)
            ],
            **kwargs,
        )

    def _cases(self, purpose):
        """(what it is called, recipient, topic) of everything that the purpose may mean for a person."""
        if RULES[purpose].by_topic:
            topics = Topic.objects.filter(purpose=purpose)
            for topic in topics.filter(code=self.request.GET.get("topic", "")) or topics:
                yield topic.name(get_language()), "", topic.code
            return
        yield _("By the city"), "", ""
        for recipient in Recipient.objects.current(timezone.now()).filter(purposes__contains=[purpose]):
            yield _("By %(name)s") % {"name": recipient.name(get_language())}, recipient.code, ""


def end_of(day):
    """The last moment of `day` in the time zone of the portal."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)
