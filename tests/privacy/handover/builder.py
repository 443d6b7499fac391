"""A worker that builds what is due: `python -m tests.privacy.handover.builder DATABASE FOLDER MOMENT`.

At `MOMENT` it says so and waits, for the test that started it to kill it: a number and an audit event of Python
("2 os.rename"), or the beginning of a statement to the database.
"""

import sys
from itertools import count

import django
from django.conf import settings


def stop():
    sys.stdout.write("here\n")
    sys.stdout.flush()
    sys.stdin.read()


def stop_at_event(number, name):
    turns = count(1)

    def hook(event, _arguments):
        if event == name and next(turns) == number:
            stop()

    sys.addaudithook(hook)


def main(database, folder, moment):
    settings.DATABASES["default"]["NAME"], settings.HANDOVER_DIR = database, folder
    django.setup()
    from django.db import connection

    from privacy import handover

    def stop_at_statement(execute, sql, *arguments):
        if sql.startswith(moment):
            stop()
        return execute(sql, *arguments)

    if moment[0].isdigit():
        number, name = moment.split()
        stop_at_event(int(number), name)
    with connection.execute_wrapper(stop_at_statement):
        handover.build_due()


if __name__ == "__main__":
    main(*sys.argv[1:])
