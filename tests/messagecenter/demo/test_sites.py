from __future__ import annotations

import socket
from pathlib import Path

import pytest

from messagecenter.demo.sites import HOST, NoPortError, child_environment, open_socket, programs


def test_next_free_port_is_taken() -> None:
    with open_socket(18_400) as first, open_socket(first.getsockname()[1]) as second:
        assert second.getsockname()[1] > first.getsockname()[1]
        assert second.getsockname()[0] == HOST


def test_listens_for_this_machine_alone() -> None:
    with open_socket(18_400) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_no_port_at_all_is_said() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with open_socket(65_535) if port != 65_535 else taken, pytest.raises(NoPortError, match="65535"):
            open_socket(65_535)


def test_programs_are_told_their_address(tmp_path: Path) -> None:
    environment = child_environment("http://localhost:8003", tmp_path)
    assert environment["MC_SITE_URL"] == "http://localhost:8003"
    with open_socket(18_400) as listener:
        web, worker, scheduler = programs(listener, tmp_path)
        assert f"fd://{listener.fileno()}" in web.command
        assert web.keep == (listener.fileno(),)
    assert "worker" in worker.command
    assert str(tmp_path / "scheduler") in scheduler.command
