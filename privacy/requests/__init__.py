"""What people ask about their own data, from its receipt to its end (R090-R102)."""

from .acts import (
    abandon,
    acknowledge,
    ask_completion,
    ask_document,
    begin_review,
    close,
    complete,
    decide,
    deliver,
    extend,
    lift_restriction,
    merge,
    settle_identity,
    tell_of_lifting,
    withdraw,
)
from .answers import draft_of_answer
from .copies import allow_another_copy, answer_ready, ask_for_copy, fetch_for_letter, tell_of_copy
from .events import record
from .intake import laws, receive

__all__ = [
    "abandon",
    "acknowledge",
    "allow_another_copy",
    "answer_ready",
    "ask_completion",
    "ask_document",
    "ask_for_copy",
    "begin_review",
    "close",
    "complete",
    "decide",
    "deliver",
    "draft_of_answer",
    "extend",
    "fetch_for_letter",
    "laws",
    "lift_restriction",
    "merge",
    "receive",
    "record",
    "settle_identity",
    "tell_of_copy",
    "tell_of_lifting",
    "withdraw",
]
