from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outbox import services
from outbox.models import Message, State


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """What became of each message: neither to whom it goes nor what it says."""

    list_display = ["id", "purpose", "template", "state", "problem", "attempts", "created_at"]
    list_filter = ["state", "purpose"]
    fields = [
        "purpose",
        "template",
        "state",
        "problem",
        "response",
        "attempts",
        "crashes",
        "created_at",
        "not_before",
        "expires_at",
        "handed_over_at",
        "sent_at",
    ]
    actions = ["send_again"]

    def lookup_allowed(self, lookup, value, request):
        # Django lets every field of the model into the address: a question a letter would spell out a code.
        return lookup.split("__")[0] in self.list_filter

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_send_again_permission(self, request):
        return request.user.has_perm("outbox.change_message")

    @admin.action(description=_("Send again"), permissions=["send_again"])
    def send_again(self, request, queryset):
        """Asks first; the confirmed form comes back to this same action."""
        if "confirmed" not in request.POST:
            return self._ask(request, queryset)
        again = services.send_again(queryset, by=request.user)
        for message in again:
            self.log_change(request, message, "Sent again.")
        self.message_user(
            request,
            ngettext("%(count)d message will be sent again.", "%(count)d messages will be sent again.", len(again))
            % {"count": len(again)},
            messages.SUCCESS if again else messages.WARNING,
        )

    def _ask(self, request, queryset):
        repeatable = queryset.repeatable()
        context = self.admin_site.each_context(request) | {
            "title": _("Send again"),
            "opts": self.opts,
            "repeatable": repeatable,
            "in_doubt": [message for message in repeatable if message.state == State.IN_DOUBT],
            "left_out": queryset.count() - len(repeatable),
            "action_checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "outbox/message_send_again.html", context)
