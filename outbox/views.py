from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from outbox import mailbox


@method_decorator(never_cache, name="dispatch")
class MailboxListView(TemplateView):
    template_name = "outbox/mailbox_list.html"

    def get_context_data(self, **kwargs):
        to = self.request.GET.get("to", "").strip()
        return super().get_context_data(mails=mailbox.newest_first(to=to), to=to, **kwargs)


@method_decorator(never_cache, name="dispatch")
class MailboxDetailView(TemplateView):
    template_name = "outbox/mailbox_detail.html"

    def get_context_data(self, name, **kwargs):
        mail = mailbox.find(name)
        if mail is None:
            raise Http404
        return super().get_context_data(mail=mail, **kwargs)
