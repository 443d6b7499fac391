from privacy.admin.acts import Acts

from .forms import ReasonForm


class ReasonedActs(Acts):
    """Acts that staff give a reason for."""

    def act_form(self, act, row, data):
        return ReasonForm(data)
