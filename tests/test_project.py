"""The files around the code say what is so: names, pins, services, variables, sizes."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("accounts", "messagecenter", "notifications", "orders")

# DESIGN, Layout: the top level is fixed. Names with a dot in front are free.
TOP_LEVEL = {
    *PACKAGES,
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "docker-compose.yml",
    "docs",
    "manage.py",
    "pyproject.toml",
    "requirements-dev.in",
    "requirements-dev.txt",
    "requirements.in",
    "requirements.txt",
    "static",
    "templates",
    "tests",
}
# Read by others than our settings: Docker Compose, gunicorn, the embedded servers.
OTHERS_VARIABLES = {"MC_EMBEDDED_FAST", "MC_LISTEN", "POSTGRES_PASSWORD", "WEB_CONCURRENCY"}


def test_top_level_holds_only_what_is_agreed() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - {"__pycache__"}
    assert found - TOP_LEVEL == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=)", text, re.MULTILINE)
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^\s;]+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_everything_asked_for_is_pinned(name: str) -> None:
    asked = re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / f"{name}.in").read_text(), re.MULTILINE)
    pinned = set(re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / f"{name}.txt").read_text(), re.MULTILINE))
    assert {_normal(each) for each in asked if not each.startswith("-")} <= {_normal(each) for each in pinned}


def test_development_pins_hold_the_product_pins() -> None:
    """What is tested is what runs."""
    product, development = (
        set(re.findall(r"^([a-z0-9._-]+==\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert product <= development


def test_example_environment_names_what_settings_read() -> None:
    reading = re.compile(r"""\bread(?:_\w+)?\(\s*["']([A-Z][A-Z_]+)["']""")
    read = {name for path in _sources("messagecenter") for name in reading.findall(path.read_text())}
    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert {"SECRET_KEY", "DATABASE_URL", "MC_KEYS"} <= read
    assert read - named == set(), "in .env.example these are missing"
    assert named - read - OTHERS_VARIABLES == set(), "nobody reads these"


def test_compose_runs_every_part_and_looks_after_it() -> None:
    services = _compose()["services"]
    assert {"web", "worker", "scheduler", "migrate", "postgres", "redis"} <= set(services)
    for name, service in services.items():
        if name == "migrate":
            assert "healthcheck" not in service
            continue
        check = service["healthcheck"]["test"]
        assert check[0] in ("CMD", "CMD-SHELL")
        assert service["restart"] == "unless-stopped"
    assert "/healthz" in str(services["web"]["healthcheck"])
    for name in ("web", "worker", "scheduler"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert {"DATABASE_URL", "REDIS_URL"} <= set(services[name]["environment"])
    for name in ("postgres", "redis"):
        assert "ports" not in services[name], "nobody but the application reaches it"


def test_compose_images_and_volumes() -> None:
    compose = _compose()
    assert compose["services"]["postgres"]["image"] == "postgres:18"
    mounted = {
        volume.partition(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
    }
    assert mounted == set(compose["volumes"])


def test_programs_of_the_services_are_pinned_and_their_modules_exist() -> None:
    pinned = (ROOT / "requirements.txt").read_text()
    commands = [service["command"] for service in _compose()["services"].values() if "build" in service]
    commands = [*filter(None, commands), json.loads(_dockerfile()["CMD"][-1])]
    for program, *rest in commands:
        if program == "python":
            assert (ROOT / rest[0]).is_file()
        else:
            assert re.search(rf"^{program}==", pinned, re.MULTILINE), program
            assert (ROOT / "messagecenter" / "celery.py").is_file()
    assert (ROOT / "messagecenter" / "wsgi.py").is_file()


def test_dockerfile_copies_what_exists_and_drops_root() -> None:
    instructions = _dockerfile()
    known = {"ARG", "CMD", "COPY", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "RUN", "USER", "WORKDIR"}
    assert set(instructions) <= known
    assert instructions["USER"][-1] not in ("root", "0")
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")]
    copied = set()
    for arguments in instructions["COPY"]:
        *sources, _target = arguments.split()
        if not sources[0].startswith("--from"):
            copied |= set(sources)
    assert set(PACKAGES) | {"manage.py", "static", "templates"} <= copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert any(fnmatch(source, pattern) for pattern in allowed), f".dockerignore leaves out {source}"


def test_ci_script_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", script], check=True)


@pytest.mark.parametrize("target", ["demo", "test", "bench", "lint", "pins", "words", "clean", "help"])
def test_makefile_knows_its_targets(target: str) -> None:
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_modules_and_functions_stay_small() -> None:
    """STYLE: a module over 400 lines or a function over 40 wants to be two. Docstrings do not count."""
    large = []
    for path in _sources(*PACKAGES, "tests"):
        text = path.read_text()
        name = path.relative_to(ROOT)
        if len(text.splitlines()) > 400:
            large.append(f"{name}: {len(text.splitlines())} lines")
        large += [
            f"{name}: {node.name} has {_length(node)} lines"
            for node in _functions(text)
            if _length(node) > 40
        ]
    assert large == []


def _sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def _functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    last = node.end_lineno or node.lineno
    docstring = ast.get_docstring(node, clean=False)
    return last - node.lineno + 1 - (docstring.count("\n") + 1 if docstring else 0)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    for service in found["services"].values():
        service.setdefault("command", None)
    return found


@cache
def _dockerfile() -> dict[str, list[str]]:
    """Each instruction with its arguments, in the order of the file."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    found: dict[str, list[str]] = {}
    for line in filter(None, text.splitlines()):
        name, _space, arguments = line.partition(" ")
        found.setdefault(name, []).append(arguments.strip())
    return found
