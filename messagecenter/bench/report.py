"""What `make bench` prints and keeps in `.local/bench.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measurement beside its peer of the same run; `target` bounds the ratio value / reference."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    target: float | None = None
    at_most: bool = False  # the target is an upper bound

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference if self.reference else None

    @property
    def ok(self) -> bool:
        if self.target is None:
            return True
        measured = self.value if self.reference is None else (self.ratio or 0)
        return measured <= self.target if self.at_most else measured >= self.target

    def as_json(self) -> dict[str, object]:
        row = asdict(self)
        row.pop("at_most")
        return {**row, "ratio": self.ratio, "ok": self.ok}

    def as_line(self) -> str:
        reference = "" if self.reference is None else f"{self.reference:,.2f}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        bound = "" if self.target is None else f"{'≤' if self.at_most else '≥'} {self.target:g}"
        figures = f"{self.value:>12,.2f} {self.unit:<10} {reference:>12} {ratio:>7} {bound:>8}"
        return f"{self.name:<58} {figures}  {'ok' if self.ok else 'MISSED'}"


HEADING = f"{'name':<58} {'value':>12} {'unit':<10} {'reference':>12} {'ratio':>7} {'target':>8}"


def write_report(figures: list[Figure], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([figure.as_json() for figure in figures], indent=1, ensure_ascii=False) + "\n")
