"""What somebody typed into a form that could not be taken: shown again, so that nothing is lost (AU11, IN5)."""

import re

SECRET = re.compile(r"csrfmiddlewaretoken|password|(^|_)code$|credential|token", re.IGNORECASE)
# What forms carry without anybody typing it, and what their buttons send.
NOT_TYPED = {
    *("form_key", "next", "ref", "seen", "version"),
    *(
        "act",
        "action",
        "add_licence",
        "answer",
        "change",
        "check",
        "choice",
        "confirmed",
        "continue",
        "correct",
        "direction",
        "fetch",
        "finish_later",
        "form",
        "page",
        "purpose",
        "seal",
        "send",
        "withdraw",
    ),
    *("resend", "switch_language", "tool", "topic"),
}


def kept(request):
    """The text fields of the form, as (name, value); no secret and nothing that the person did not type."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if value.strip() and name not in NOT_TYPED and not SECRET.search(name)
    ]
