"""docs/order-events.md: its examples are those that are tested, its codes all there are, its programs work.

After an example has changed: `python -m tests.orders.intake.test_documentation` writes it into the page.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orders.carriers import find_carrier
from orders.intake.problems import KINDS
from orders.intake.schema import EXAMPLES_DIR, event_types
from orders.intake.secrets import parse_event_secrets
from orders.intake.signature import verify_signature

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "order-events.md"
PLACE = re.compile(r"(<!-- example ([a-z.]+) -->\n).*?(<!-- end -->)", re.DOTALL)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def with_examples(text: str) -> str:
    def example(found: re.Match[str]) -> str:
        body = (EXAMPLES_DIR / f"{found[2]}.json").read_text()
        return f"{found[1]}```json\n{body}```\n{found[3]}"

    return PLACE.sub(example, text)


def section(title: str) -> str:
    return PAGE.read_text().split(f"## {title}\n", 1)[1]


def program(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found
    return found[1]


def test_examples_are_those_of_the_schema() -> None:
    text = PAGE.read_text()
    assert with_examples(text) == text
    assert sorted(name for _, name, _ in PLACE.findall(text)) == sorted(event_types())
    assert sorted(re.findall(r"^### (\w+\.\w+)$", text, re.MULTILINE)) == sorted(event_types())


def test_every_code_is_named_once_under_its_status() -> None:
    rows = re.findall(r"^\| (\d{3}) \| (.*) \|$", section("The answer").split("## ")[0], re.MULTILINE)
    told = {code: int(status) for status, codes in rows for code in re.findall(r"`([a-z_0-9]+)`", codes)}
    assert told == {code: kind.status for code, kind in KINDS.items() if kind.status < 500}


def test_carriers_that_are_named_are_known() -> None:
    text = section("The events").split("### shipment.created")[1].split("### ")[0]
    codes = re.findall(r"`([a-z_]+)`", text.split("(")[1].split(")")[0])
    assert len(codes) > 20
    for code in codes:
        carrier = find_carrier(code)
        assert carrier is not None
        assert carrier.code == code


def check_signature(headers: dict[str, str], body: bytes) -> None:
    (secret,) = parse_event_secrets(f"marketplace={SECRET}", strict=True)
    names = {name.lower(): value for name, value in headers.items()}
    now = float(names["webhook-timestamp"])
    signed = verify_signature(names, body, secrets=[secret], now=now, max_age=1)
    assert signed.event_id == names["webhook-id"]
    assert json.loads(body)["type"] == "order.confirmed"


def test_python_program_signs_as_we_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[urllib.request.Request] = []

    class Answer(SimpleNamespace):
        def __enter__(self) -> Answer:
            return self

        def __exit__(self, *_error: object) -> None: ...

    def open_url(request: urllib.request.Request, timeout: float) -> Answer:
        sent.append(request)
        return Answer(status=202)

    monkeypatch.setattr(urllib.request, "urlopen", open_url)
    names: dict[str, Any] = {}
    exec(program("python"), names)
    event = json.loads((EXAMPLES_DIR / "order.confirmed.json").read_text())
    assert names["send"]("http://localhost/events/orders/", SECRET, "evt_1", event) == 202
    assert isinstance(sent[0].data, bytes)
    check_signature(dict(sent[0].header_items()), sent[0].data)


def test_shell_program_signs_as_we_verify(tmp_path: Path) -> None:
    if not (shutil.which("openssl") and shutil.which("sh")):
        pytest.skip("the page's program needs openssl and a shell")
    shutil.copy(EXAMPLES_DIR / "order.confirmed.json", tmp_path / "event.json")
    # In place of curl, what it would have been told.
    (tmp_path / "curl").write_text('#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done\n')
    (tmp_path / "curl").chmod(0o755)
    done = subprocess.run(
        ["sh", "-euc", f'PATH="{tmp_path}:$PATH"; secret={SECRET}\n{program("sh")}'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    headers = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
    check_signature(headers, (tmp_path / "event.json").read_bytes())


if __name__ == "__main__":
    PAGE.write_text(with_examples(PAGE.read_text()))
    sys.exit()
