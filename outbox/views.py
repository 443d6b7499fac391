from django import forms
from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from outbox import mailbox


class MailboxForm(forms.Form):
    to = forms.CharField(label=_("Recipient’s address"), required=False, max_length=254)


@method_decorator(never_cache, name="dispatch")
class MailboxListView(TemplateView):
    template_name = "outbox/mailbox_list.html"

    def get_context_data(self, **kwargs):
        form = MailboxForm(self.request.GET)
        to = form.cleaned_data["to"] if form.is_valid() else ""
        return super().get_context_data(form=form, to=to, mails=mailbox.newest_first(to=to), **kwargs)


@method_decorator(never_cache, name="dispatch")
class MailboxDetailView(TemplateView):
    template_name = "outbox/mailbox_detail.html"

    def get_context_data(self, name, **kwargs):
        mail = mailbox.find(name)
        if mail is None:
            raise Http404
        return super().get_context_data(mail=mail, **kwargs)
