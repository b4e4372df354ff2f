"""Signatures that others computed: present where the shared data is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings


def webhook_vectors() -> dict[str, Any]:
    path = settings.BASE_DIR / "../shared/data/carriers/webhook_signature_vectors.json"
    if not path.exists():
        pytest.skip("the recorded webhook signatures are not beside this checkout")
    found: dict[str, Any] = json.loads(path.read_text())
    return found
