"""The life of the embedded servers: who starts them, who shares them, who ends them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from messagecenter.embedded import EmbeddedServersError, account, processes
from tests.messagecenter.embedded.conftest import Checkout, wait_until

pytestmark = pytest.mark.servers


def test_servers_answer_on_sockets_alone(checkout: Checkout) -> None:
    client = checkout.client()
    assert str(client.ask("SHOW server_version")).startswith("18.")
    assert client.ask("SHOW listen_addresses") == ""
    assert client.ask("SELECT upper('é') || pg_encoding_to_char(6)") == "ÉUTF8"
    assert client.redis().config_get("port") == {"port": "0"}
    assert client.broker_url == client.redis_url.replace("unix", "redis+socket").replace("db", "virtual_host")
    sockets = Path(client.redis_url.removeprefix("unix://").partition("?")[0]).parent
    assert sockets.stat().st_mode & 0o777 == 0o700


def test_redis_alone_starts_no_postgresql(checkout: Checkout) -> None:
    client = checkout.client(database=False)
    assert client.redis().ping()
    assert client.database_url == ""
    assert not checkout.places.log("postgres").exists()


def test_last_client_stops_servers_and_data_stays(checkout: Checkout) -> None:
    first = checkout.client()
    postgres, redis = checkout.pid("postgres"), checkout.pid("redis")
    first.ask("CREATE TABLE kept AS SELECT 7 AS number")
    second = checkout.client()
    first.leave()
    with pytest.raises(AssertionError):  # longer than the keeper's grace
        wait_until(lambda: not processes.is_alive(postgres), 3)
    assert second.ask("SELECT number FROM kept") == 7
    second.leave()
    wait_until(lambda: not processes.is_alive(postgres) and not processes.is_alive(redis))
    assert "database system is shut down" in checkout.places.log("postgres").read_text()

    third = checkout.client(redis=False)
    assert third.ask("SELECT number FROM kept") == 7


def test_client_coming_while_servers_stop_gets_new_ones(checkout: Checkout) -> None:
    first = checkout.client()
    old = checkout.pid("postgres")
    first.leave()
    wait_until(lambda: not checkout.pid("postgres") or not processes.is_alive(old))
    assert checkout.client().ask("SELECT 1") == 1


def test_clients_at_once_share_one_pair(checkout: Checkout) -> None:
    clients = [checkout.launch() for _ in range(4)]
    for client in clients:
        client.hear()
    assert len({client.ask("SELECT pg_postmaster_start_time()") for client in clients}) == 1
    assert {client.redis().info("server")["process_id"] for client in clients} == {checkout.pid("redis")}


def test_two_checkouts_do_not_meet(make_checkout: Callable[..., Checkout]) -> None:
    deep = "with a space/" + "/".join(["a directory far below"] * 6)  # far beyond a socket's 107 bytes
    here, there = make_checkout("here").client(), make_checkout(deep).client()
    here.ask("CREATE TABLE mine (number integer)")
    here.redis().set("mine", "1")
    assert there.ask("SELECT to_regclass('mine')") is None
    assert there.redis().get("mine") is None


def test_killed_client_counts_as_gone(checkout: Checkout) -> None:
    """Even though a program that it started lives on."""
    client = checkout.client(child=True)
    postgres, redis = checkout.pid("postgres"), checkout.pid("redis")
    client.kill()
    wait_until(lambda: not processes.is_alive(postgres) and not processes.is_alive(redis))
    assert processes.is_alive(client.child)


def test_keeper_is_small() -> None:
    """It runs beside everything: neither Celery nor Django is loaded, let alone the settings."""
    launch = Path(processes.__file__).with_name("launch.py")
    done = subprocess.run(
        [sys.executable, "-P", "-X", "importtime", launch, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "messagecenter.embedded.keeper" in loaded
    assert not loaded & {"django", "celery", "messagecenter.settings", "messagecenter.celery"}


def test_killed_keeper_is_succeeded(checkout: Checkout) -> None:
    first = checkout.client(redis=False)
    postgres, keeper = checkout.pid("postgres"), checkout.keeper("postgres")
    checkout.kill_keeper("postgres")
    assert first.ask("SELECT 1") == 1
    second = checkout.client(redis=False)
    assert checkout.pid("postgres") == postgres
    assert checkout.keeper("postgres") not in (keeper, 0)
    first.kill()
    second.kill()
    wait_until(lambda: not processes.is_alive(postgres))


def test_last_client_stops_servers_whose_keeper_was_killed(checkout: Checkout) -> None:
    client = checkout.client()
    servers = [checkout.pid("postgres"), checkout.pid("redis")]
    for server in ("postgres", "redis"):
        checkout.kill_keeper(server)
    client.leave()
    wait_until(lambda: not any(processes.is_alive(pid) for pid in servers))


def test_killed_servers_come_back_with_every_commit(checkout: Checkout) -> None:
    client = checkout.client()
    client.ask("CREATE TABLE kept AS SELECT 7 AS number")
    postgres, redis = checkout.pid("postgres"), checkout.pid("redis")
    os.kill(postgres, signal.SIGKILL)
    os.kill(redis, signal.SIGKILL)
    wait_until(
        lambda: checkout.pid("postgres") not in (postgres, 0) and checkout.pid("redis") not in (redis, 0)
    )
    assert client.ask("SELECT number FROM kept") == 7
    assert client.redis().ping()


def test_removed_socket_comes_back(checkout: Checkout) -> None:
    """As when the system cleans `/tmp`."""
    client = checkout.client(database=False)
    old = checkout.pid("redis")
    Path(client.redis_url.removeprefix("unix://").partition("?")[0]).unlink()
    wait_until(lambda: checkout.pid("redis") not in (old, 0))
    assert client.redis().ping()
    assert not processes.is_alive(old)


def test_servers_end_with_the_directory(checkout: Checkout) -> None:
    """As after `rm -rf .local` under a running demo: who comes next gets new servers, the old ones end."""
    first = checkout.client()
    old = [checkout.pid("postgres"), checkout.pid("redis")]
    checkout.places.state.parent.rename(checkout.root / "removed")
    wait_until(lambda: not any(processes.is_alive(pid) for pid in old))
    second = checkout.client()
    assert second.ask("SELECT 1") == 1
    assert second.redis().ping()
    assert first.process.poll() is None


def test_stale_lock_file_with_a_number_that_lives_again(checkout: Checkout) -> None:
    """After kill -9 of all, the number in `postmaster.pid` may be another process': here, this test."""
    client = checkout.client(redis=False)
    client.ask("CREATE TABLE kept AS SELECT 7 AS number")
    postgres = checkout.pid("postgres")
    checkout.kill_keeper("postgres")
    os.kill(postgres, signal.SIGKILL)
    client.kill()
    wait_until(lambda: not processes.is_alive(postgres))
    path = checkout.places.postgres("18") / "postmaster.pid"
    path.write_text(path.read_text().replace(str(postgres), str(os.getpid()), 1))
    assert checkout.client(redis=False).ask("SELECT number FROM kept") == 7


def test_checkout_of_another_user_stays_theirs(checkout: Checkout) -> None:
    """Root helps itself to the servers of an ordinary user's checkout, and leaves nothing of root's there."""
    if os.geteuid() != 0:
        pytest.skip("only root can start as somebody else")
    os.chown(checkout.root, 65534, 65534)  # nobody
    checkout.client().leave()
    wait_until(lambda: not checkout.places.status("postgres").exists())
    owners = {path.lstat().st_uid for path in checkout.root.rglob("*")}
    assert owners == {65534}


def test_root_in_a_directory_closed_to_others() -> None:
    """As in `/root`: the data lies elsewhere then, and `.local/postgres/18` leads there."""
    if os.geteuid() != 0:
        pytest.skip("an ordinary user runs the servers as itself")
    closed = Path(tempfile.mkdtemp(prefix="closed-")).resolve()  # mode 700
    checkout = Checkout(closed / "checkout", [])
    checkout.root.mkdir()
    client = checkout.client()
    try:
        assert client.error == ""
        assert client.ask("SELECT 1") == 1
        link = checkout.places.postgres("18")
        assert link.is_symlink()
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        client.kill()
    postgres = checkout.pid("postgres")
    wait_until(lambda: not processes.is_alive(postgres) and not checkout.places.status("redis").exists())
    shutil.rmtree(link.resolve().parent)
    shutil.rmtree(closed)


def test_programs_in_a_directory_closed_to_others_are_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the virtual environment of a checkout in `/root`."""
    if os.geteuid() != 0:
        pytest.skip("an ordinary user runs its own programs")
    closed = Path(tempfile.mkdtemp(prefix="closed-")).resolve()  # mode 700
    outside = closed.with_name(f"{closed.name}-outside")
    monkeypatch.setattr(account, "_OUTSIDE", outside)
    program = closed / "packages" / "server" / "bin" / "run"
    library = closed / "packages" / "server.libs" / "needed"
    for made in (program, library):
        made.parent.mkdir(parents=True)
        made.write_text('#!/bin/sh\ntest -r "$(dirname "$0")/../../server.libs/needed"\n')
        made.chmod(0o755)
    nobody = account.Account(65534, 65534)
    parts = ["server/bin", "server.libs"]
    try:
        copy = account.reachable_programs(nobody, closed / "packages", "server/bin/run", parts=parts)
        assert copy.is_relative_to(outside)
        assert (copy / "server.libs" / "needed").exists()
        again = account.reachable_programs(nobody, closed / "packages", "server/bin/run", parts=parts)
        assert again == copy
        assert account.reachable_programs(nobody, copy, "server/bin/run", parts=parts) == copy
        monkeypatch.setattr(account, "_OUTSIDE", closed / "outside")
        with pytest.raises(EmbeddedServersError, match="move the checkout out of root's home directory"):
            account.reachable_programs(nobody, closed / "packages", "server/bin/run", parts=parts)
    finally:
        shutil.rmtree(closed)
        shutil.rmtree(outside)


def test_listener_is_none_where_nobody_listens(tmp_path: Path) -> None:
    path = Path(tempfile.mkdtemp(dir=tmp_path)) / "s"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
        assert processes.listener(path) is None
        bound.listen()
        assert processes.listener(path) == os.getpid()
