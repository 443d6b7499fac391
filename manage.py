#!/usr/bin/env python
import os
import sys

import django
from django.core.management import execute_from_command_line

from tmgportal import stack

# What sends, hands out, deletes or publishes by hand waits for a portal that may serve, as the workers do.
WORK = {
    *("abandon_unconfirmed", "deliver_outbox", "expire_packages", "export_to_contractor", "publish_statistics"),
    *("queue_policy_notices", "remind_of_hand_overs", "remind_officers", "remind_reviewers", "retention"),
    "run_erasures",
}


def main(arguments):
    if WORK.intersection(arguments[1:2]):
        django.setup()
        from tmgportal import serving  # The models are ready by now.

        if serving.look():
            sys.exit(f"Erased people are back in the data, or it cannot be told. First run: {serving.REPLAY}")
    execute_from_command_line(arguments)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmgportal.settings")
    stack.prepare_environment()
    main(sys.argv)
