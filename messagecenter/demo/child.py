"""Becomes a program that ends when the demo does, even when the demo is killed without a chance to stop it.

Run as a file of its own: `python child.py PARENT program argument…`.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # sys/prctl.h of Linux; elsewhere the demo's own clean-up has to do


def main() -> None:
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked to be told
        sys.exit(1)
    os.execvp(program[0], program)  # noqa: S606 - there is no shell, and nobody's input


if __name__ == "__main__":
    main()
