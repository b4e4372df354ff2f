"""What every page's frame needs: the marketplace's name and looks (OP-5)."""

from typing import Any

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    return {}
