"""The whole way: files, events, webhook, worker, inboxes, reconciliation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.messagecenter.replay.files import REAL, odd_folder
from tests.messagecenter.replay.stack import Servers, Stack, running_stack

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def straight(servers: Servers) -> Iterator[Stack]:
    with running_stack(servers, "straight", database_number=1) as stack:
        yield stack


@pytest.fixture(scope="module")
def shuffled(servers: Servers) -> Iterator[Stack]:
    with running_stack(servers, "shuffled", database_number=2) as stack:
        yield stack


def replay(stack: Stack, folder: Path, *options: str) -> str:
    """What the command printed; it must have found no difference."""
    done = stack.manage("replay_olist", str(folder), "--url", stack.url, "--fingerprint", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing differs." in done.stdout
    return done.stdout


def row(output: str, name: str) -> tuple[str, ...]:
    """(there, by the files, difference)"""
    found = re.search(rf"^  {name} +([\d,.]+) +([\d,.]+) +(-?[\d,.]+)$", output, re.MULTILINE)
    assert found, output
    return found.groups()


def fingerprint(output: str) -> str:
    found = re.search(r"fingerprint +([0-9a-f]{64})", output)
    assert found, output
    return found[1]


@pytest.mark.parametrize("source", ["odd", "real"])
def test_any_order_and_repetition_leave_the_same_database(
    straight: Stack, shuffled: Stack, tmp_path: Path, source: str
) -> None:
    if source == "real" and not REAL.is_dir():
        pytest.skip("the public order files lie in ../shared/data, which is not here")
    folder = REAL if source == "real" else odd_folder(tmp_path)
    options = ("--limit", "50") if source == "real" else ()
    once = replay(straight, folder, *options)
    mixed = replay(shuffled, folder, *options, "--shuffle", "7", "--repeat", "2")
    assert fingerprint(mixed) == fingerprint(once)
    sent = int(row(once, "events sent")[0])
    assert row(once, "events called repeats")[0] == "0"
    assert row(mixed, "events sent")[0] == str(2 * sent)
    assert row(mixed, "events called repeats")[0] == str(sent)
    assert row(mixed, "events accepted")[0] == str(sent)


def test_difference_is_found_and_ends_with_1(straight: Stack, tmp_path: Path) -> None:
    folder = odd_folder(tmp_path)
    again = replay(straight, folder)
    assert row(again, "events accepted")[2] == "0"
    # The files now say that an order was never delivered.
    orders = folder / "olist_orders_dataset.csv"
    orders.write_text(orders.read_text().replace(",2018-02-07 16:45:10,", ",,", 1))
    done = straight.manage("replay_olist", str(folder), "--url", straight.url)
    assert done.returncode == 1
    assert row(done.stdout, "orders delivered")[2] == "1"
    assert "figures differ" in done.stdout


def test_no_server_is_said(straight: Stack, tmp_path: Path) -> None:
    done = straight.manage("replay_olist", str(odd_folder(tmp_path)), "--url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "No message center answers at http://127.0.0.1:9" in done.stderr


def test_missing_file_is_named(straight: Stack, tmp_path: Path) -> None:
    done = straight.manage("replay_olist", str(tmp_path), "--url", straight.url)
    assert done.returncode == 1
    assert "olist_orders_dataset.csv" in done.stderr
