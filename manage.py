#!/usr/bin/env python3
"""Django's command line for the message center."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "messagecenter.settings")
    from django.core.management import execute_from_command_line  # needs the line above

    from messagecenter.embedded import EmbeddedServersError

    try:
        execute_from_command_line(sys.argv)
    except EmbeddedServersError as error:
        sys.exit(str(error))  # says what to do; where it was raised would only hide that


if __name__ == "__main__":
    main()
