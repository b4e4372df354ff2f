"""Longer text that a person types."""

from __future__ import annotations

from typing import Any

from django import forms


class TextField(forms.CharField):
    """Counts a line's end as one character, as the browser's own limit does, not as the two that it sends."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")
