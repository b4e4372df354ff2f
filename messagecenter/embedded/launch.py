"""Runs a keeper without `messagecenter/__init__.py`, which loads Celery: a keeper is small.

Run by its path, `python -P launch.py SERVER STATE`, with the virtual environment's interpreter.
"""

import os
import sys
from pathlib import Path
from types import ModuleType

_package = ModuleType("messagecenter")
_package.__path__ = [str(Path(__file__).resolve().parent.parent)]
sys.modules["messagecenter"] = _package

from messagecenter.embedded.keeper import main  # noqa: E402 - needs the lines above

if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # the caller's half of the fork must run none of the keeper's exit handlers
