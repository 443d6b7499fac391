"""The base of every admin here: what staff see of people, by their role, by the gate, and never unrecorded (R049)."""

from django.contrib import admin
from django.contrib.admin.utils import flatten, get_fields_from_path
from django.contrib.admin.views.main import ERROR_FLAG
from django.core import checks
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from .. import audit, consent, gate
from ..declarations import declaration_of

MAY_SEE_PERSONAL_FIELDS = "privacy.view_personal_fields"
MAY_SEE_AUDIT = "privacy.view_auditevent"
MASK = "••••"


class GatedAdmin(admin.ModelAdmin):
    """Who may not see personal fields finds those of `personal_fields` masked, in lists and on pages. Nobody can search
    or filter by them, the address of a list included. Each sight is recorded.

    Staff of a company that works for the city see the rows whose data it may use for `purpose`, and of who withholds
    from it the minimum; without a purpose they see nothing. `subject` leads from a row to whose data it holds; "" where
    it holds nobody's. A name may lead to another table, as in `people__contact_name`."""

    personal_fields = ()
    purpose = None
    subject = ""

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if not request.user.recipient:
            return rows
        return gate.open_to(request.user.recipient, rows, self.purpose, self.subject)

    def get_list_display(self, request):
        return self._gated(request, super().get_list_display(request))

    def get_fieldsets(self, request, obj=None):
        return [
            (title, options | {"fields": self._gated(request, flatten(options["fields"]))})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request, obj=None):
        masks = filter(callable, self._gated(request, self.personal_fields))
        return [*super().get_readonly_fields(request, obj), *masks]

    def lookup_allowed(self, lookup, value, request):
        # Only what the list offers. Django lets every field of the model into the address: a question a letter would
        # spell out what is masked, and the hash of a password.
        offered = (getattr(one, "parameter_name", one) for one in self.get_list_filter(request))
        return any(f"{lookup}__".startswith(f"{name}__") for name in (self.date_hierarchy, *offered))

    def changelist_view(self, request, extra_context=None):
        try:
            response = super().changelist_view(request, extra_context)
        except OverflowError:
            # A year of more digits than a calendar has: Django checks it for everything but that.
            return redirect(f"{request.path}?{urlencode({ERROR_FLAG: 1})}")
        if "cl" in (getattr(response, "context_data", None) or {}):
            shown = response.context_data["cl"]
            columns = {getattr(column, "__name__", column) for column in shown.list_display} - {"action_checkbox"}
            if self._record(request, shown.result_list, columns):
                keys = [row.pk for row in shown.result_list]
                audit.record(request.user, "personal fields listed", request.user, of=self.opts.label_lower, keys=keys)
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        # First: who is refused has seen nothing.
        response = super().change_view(request, object_id, form_url, extra_context)
        seen = self.get_object(request, object_id) if self.has_view_permission(request) else None
        if seen is not None:
            self.record_sight(request, seen)
            if getattr(response, "context_data", None):
                response.context_data["is_restricted"] = is_restricted(seen)
        return response

    def history_view(self, request, object_id, extra_context=None):
        """The audit of the row: Django's own log would keep names of rows, and knows nothing of our acts."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row) or not request.user.has_perm(MAY_SEE_AUDIT):
            raise PermissionDenied
        query = urlencode({"q": f"{self.opts.label_lower}:{row.pk}"})
        return redirect(f"{reverse('admin:privacy_auditevent_changelist')}?{query}")

    def check(self, **kwargs):
        personal = {part for name in self.personal_fields for part in name.split("__")}
        errors = [
            checks.Error(
                f"{type(self).__name__} searches, orders or filters by the personal field {name}.", id="privacy.E001"
            )
            for name in sorted(personal & {part for name in self._looked_up() for part in name.split("__")})
        ]
        if self._personal_values and not self.purpose:
            errors.append(checks.Error(f"{type(self).__name__} shows people for no purpose.", id="privacy.E002"))
        return [*super().check(**kwargs), *errors]

    def _looked_up(self):
        """The names by which rows are found or put in order, whoever asks."""
        columns = (getattr(self, name, name) for name in self.list_display if isinstance(name, str))
        ordered_by = (getattr(column, "admin_order_field", None) for column in columns)
        filters = (one[0] if isinstance(one, tuple | list) else one for one in self.list_filter)
        order = self.ordering or self.opts.ordering
        for one in (*self.search_fields, *order, *filters, *ordered_by, self.date_hierarchy):
            if hasattr(one, "flatten"):
                yield from (part.name for part in one.flatten() if isinstance(part, F))
            elif isinstance(one, str):
                yield one.lstrip("-^=@")

    @property
    def _personal_values(self):
        """Those whose sight is recorded; which colleague did something is not."""
        return [name for name in self.personal_fields if not self._field(name).is_relation]

    def record_sight(self, request, row):
        """Who reads `row` on a page of its own has seen its personal fields, as far as they may."""
        names = {*self.personal_fields, *flatten(self.fields or [])}
        if self._record(request, [row], names):
            audit.record(request.user, "personal fields seen", row)

    def _record(self, request, rows, names):
        """Write down the use; returns whether it was of a personal value. Of staff of a company each sight is a use."""
        recipient, values = request.user.recipient, names & {*self._personal_values}
        seen = {name for name in values if any(sees_personal_fields(request, row, name) for row in rows)}
        used = seen | (names - {*self.personal_fields} if recipient else set())
        if self.purpose and rows and used:
            subjects = [_value(row, f"{self.subject}_id") for row in rows] if self.subject else []
            where = f"admin {self.opts.label_lower}"
            gate.seen(subjects, self.purpose, recipient, names=used, count=len(rows), surface=where, by=request.user)
        return bool(seen)

    def _field(self, name):
        return get_fields_from_path(self.model, name)[-1]

    def _gated(self, request, names):
        """`names`, with callables in the place of what may be hidden from the person."""
        if sees_personal_fields(request):
            return list(names)
        may_see_some = request.user.has_perm(MAY_SEE_PERSONAL_FIELDS)
        return [self._masked(name, by_row=may_see_some) if name in self.personal_fields else name for name in names]

    def _masked(self, name, *, by_row):
        # One callable a name: the admin looks them up by identity.
        if not hasattr(self, "_masks"):
            self._masks = {}
        if (name, by_row) not in self._masks:
            field = self._field(name)

            @admin.display(description=field.verbose_name)
            def mask(row):
                return str(_value(row, name) or "–") if by_row and is_open(row, name) else masked(row, field)

            mask.__name__ = name
            self._masks[name, by_row] = mask
        return self._masks[name, by_row]


def is_restricted(row):
    """Whether the use of the data of a person whom `row` is about is restricted now, as it also is while they are being
    erased (GDPR Art. 18(2))."""
    declaration = declaration_of(row._meta.concrete_model)
    about = Q(pk__in=[])
    for refs in declaration.refs_of(row) if declaration else ():
        about |= Q(subject_ref__in=refs)
    return consent.restrictions().filter(about).exists()


def sees_personal_fields(request, row=None, name=""):
    """Whether the person may see the personal field `name` of `row`: by their role, and who works for a company, as
    far as the gate opened that very row to it."""
    if not request.user.has_perm(MAY_SEE_PERSONAL_FIELDS):
        return False
    return not request.user.recipient or (row is not None and is_open(row, name))


def is_open(row, name):
    """Whether the gate opened the field `name` of `row` to the company that reads it; never, where it was not asked."""
    is_minimum = name.rpartition("__")[2] in (getattr(row, "extra_minimum", None) or [])
    return is_minimum or not getattr(row, "is_withheld", True)


def masked(row, field):
    """What stands for a personal value; for a person their key, so that two can be told apart."""
    if not field.is_relation:
        return MASK
    key = getattr(row, field.attname)
    return f"#{key}" if key else "–"


def _value(row, name):
    for part in name.split("__"):
        row = getattr(row, part, None)
    return row


class ReadOnlyAdmin(GatedAdmin):
    """Staff look; what changes these rows is a service."""

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        # Named, so that Django makes no form for what nobody fills in.
        self.fields = self.fields or [
            field.name for field in self.opts.fields if field.editable and not field.primary_key
        ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
