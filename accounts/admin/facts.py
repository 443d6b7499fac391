"""What staff read of a business: labels and values in words, masked where the reader may not see persons."""

from privacy.admin import MASK, masked, sees_personal_fields

from ..display import japanese_marked, label_of, written
from ..models.business import PEOPLE_FIELDS
from ..reasons import DeclineReason
from ..sides import Side


def facts(request, business, names, *, side):
    """[(name, label, value)] of the fields `names` of an operator or a registration."""
    values = business.values
    marked = japanese_marked if side == Side.DOMESTIC else str
    return [
        (
            name,
            label_of(name),
            MASK if is_hidden(request, business, name) else marked(written(name, values[name], side=side)),
        )
        for name in names
    ]


def is_hidden(request, business, name):
    """Whether the person may not see the field `name`, which tells of somebody."""
    return name in PEOPLE_FIELDS and not sees_personal_fields(request, business, name)


def person(request, row, name):
    """Who stands in the foreign key `name` of `row`: their address, or their key for who may not see it; "" if none."""
    found = getattr(row, name) if sees_personal_fields(request, row, name) else masked(row, row._meta.get_field(name))
    return str(found or "")


def decisions_on(request, operator):
    """What was decided about the operator so far, the newest first."""
    decisions = operator.decisions.select_related(*(["by"] if sees_personal_fields(request) else []))
    return [
        {
            "decision": decision,
            "by": person(request, decision, "by"),
            "reasons": reasons_of(decision),
            "questions": questions_of(decision.fields),
        }
        for decision in decisions
    ]


def reasons_of(decision):
    return [DeclineReason(code).label for code in decision.reasons]


def questions_of(fields):
    """[(label, question)] of what staff ask: {field name: question}."""
    return [(label_of(name), question) for name, question in fields.items()]
