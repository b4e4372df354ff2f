"""An order event on the marketplace's side: what it holds before it is signed and sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One event of one order.

    `id` is the webhook-id header, the same for the same event however often it is sent; `at` is when it
    happened, with its zone.
    """

    id: str
    type: str
    at: datetime
    order_number: str
    data: dict[str, Any] = field(hash=False)

    def body(self) -> bytes:
        """The request's body, the same bytes every time."""
        whole = {"type": self.type, "version": 1, "timestamp": self.at.isoformat(), "data": self.data}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
