"""`manage.py` shows an embedded server's trouble as its sentence, without a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parents[3]


def test_trouble_is_one_sentence(tmp_path: Path) -> None:
    shutil.copy(_REPOSITORY / "manage.py", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", "migrations")
    shutil.copytree(_REPOSITORY / "messagecenter", tmp_path / "messagecenter", ignore=ignored)
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "fast").write_text("in the way")
    outside = {
        name: value for name, value in os.environ.items() if not name.endswith("_URL") and name[:3] != "MC_"
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=tmp_path,
        env=outside | {"MC_EMBEDDED_FAST": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot make {tmp_path}/.local/fast/embedded")
    assert "Traceback" not in done.stderr
