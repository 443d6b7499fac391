"""How every form field is drawn: the renderer named in `settings.FORM_RENDERER`."""

from django.forms import Field
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

from privacy import notices


class PortalBoundField(BoundField):
    """A field on a form, with what `components/field.html` asks of it."""

    @property
    def is_optional(self):
        """Whether to print "(optional)". A form that saves unfinished drafts names them in `optional_fields`."""
        marked = getattr(self.form, "optional_fields", None)
        return not self.field.required if marked is None else self.name in marked

    @property
    def first_control_id(self):
        """The element that a link in the error summary leads to: of a group, its first control."""
        return self.id_for_label or f"{self.auto_id}_0"

    @property
    def counted_to(self):
        """The number of characters a text area may hold, or None."""
        return self.field.max_length if self.widget_type == "textarea" and hasattr(self.field, "max_length") else None

    @property
    def has_many_choices(self):
        """Whether the choices stand in columns. Those from the database are not counted: there, a form asks for it
        with the class `columns`."""
        return not hasattr(self.field, "queryset") and len(list(getattr(self.field, "choices", ()))) > 8

    @property
    def error_messages(self):
        """The errors in words. Where a form says no more than "This field is required.", the field is named."""
        for error in self.errors.as_data():
            if error.code != "required" or error.message != Field.default_error_messages["required"]:
                yield from error.messages
            elif hasattr(self.field, "choices"):
                yield _("Choose an answer for “%(label)s”.") % {"label": self.label}
            elif self.widget_type == "checkbox":
                yield _("Tick “%(label)s” to go on.") % {"label": self.label}
            else:
                yield _("Fill in “%(label)s”.") % {"label": self.label}

    def build_widget_attrs(self, attrs, widget=None):
        """Without `maxlength`: browsers cut what is pasted without a word. The server counts and says so.

        What asks for personal data carries a mark; beside it belongs the notice of `privacy.notices`.
        """
        (widget or self.field.widget).attrs.pop("maxlength", None)
        attrs = super().build_widget_attrs(attrs, widget)
        if self.name in notices.personal_inputs(self.form):
            attrs["data-personal"] = True
        if self.counted_to and self.auto_id:
            attrs["aria-describedby"] = f"{attrs.get('aria-describedby', '')} {self.auto_id}_count".strip()
        return attrs


class FormRenderer(TemplatesSetting):
    """`{{ form }}` gives the error summary and the fields, `{{ form.name.as_field_group }}` one field."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = PortalBoundField
