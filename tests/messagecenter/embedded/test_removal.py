"""`make clean` takes the data only when nobody needs it."""

from __future__ import annotations

import pytest

from messagecenter.embedded import EmbeddedServersError, removal
from tests.messagecenter.embedded.conftest import Checkout


@pytest.mark.servers
def test_data_in_use_stays(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    client = checkout.client(redis=False)
    data = checkout.places.postgres("18")
    monkeypatch.setattr(removal, "_PATIENCE", 0.1)
    with pytest.raises(EmbeddedServersError, match="stop the demo or the tests first"):
        removal.remove_data(checkout.root)
    assert client.ask("SELECT 1") == 1

    client.leave()
    monkeypatch.undo()
    removal.remove_data(checkout.root)
    assert not data.exists()


def test_data_outside_the_checkout_goes_too(checkout: Checkout) -> None:
    checkout.places.make()
    data = checkout.places.postgres("18")
    home = checkout.root.parent / "outside"
    (home / "18").mkdir(parents=True)
    (home / "belongs-to").write_text(str(data))
    data.symlink_to(home / "18")
    removal.remove_data(checkout.root)
    assert not home.exists()


def test_data_of_the_checkout_that_this_was_copied_from_stays(checkout: Checkout) -> None:
    checkout.places.make()
    data = checkout.places.postgres("18")
    home = checkout.root.parent / "outside"
    (home / "18").mkdir(parents=True)
    (home / "belongs-to").write_text("another checkout's")
    data.symlink_to(home / "18")
    removal.remove_data(checkout.root)
    assert (home / "18").exists()
