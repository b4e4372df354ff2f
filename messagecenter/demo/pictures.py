"""Pictures of the demo's products: drawn, not photographed; the same every time; about a kilobyte each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = "demo-pictures"  # under the site's root
# A file per silhouette, on a ground of 96 by 96 units that ends at y = 80. In it {a} stands for the
# product's colour, {b} for a darker and {c} for a lighter one, {d} for the accent, {w} for near white, {k}
# for near black.
SHAPES = Path(__file__).parent / "shapes"


@dataclass(frozen=True, slots=True)
class Palette:
    ground: str
    a: str  # the product's colour
    b: str  # darker
    c: str  # lighter
    d: str  # accent


PALETTES = {
    "brick": Palette("#f7e4dc", "#c8553d", "#8f3524", "#eda58f", "#f2b544"),
    "sage": Palette("#e6eee2", "#7f9f7a", "#56735a", "#c3d6ba", "#d98f5c"),
    "navy": Palette("#dfe7f2", "#2f4b7c", "#1c3157", "#8fa9d1", "#f2a541"),
    "mustard": Palette("#faf0d4", "#dba72b", "#a67814", "#f5d98b", "#4c6a8a"),
    "plum": Palette("#f0e2ee", "#834a7c", "#5a2e56", "#c99fc4", "#eab54f"),
    "teal": Palette("#dcefee", "#2a8a8a", "#17605f", "#93cfcd", "#f08a5d"),
    "rose": Palette("#fae5ea", "#d9738b", "#a84a63", "#f3bccb", "#5b7f95"),
    "slate": Palette("#e6e9ed", "#5d6b7a", "#3b4653", "#b1bcc8", "#e2725b"),
    "forest": Palette("#e0ecdf", "#3c7a4b", "#255534", "#94c39a", "#cf7a4a"),
    "sky": Palette("#e0f0f9", "#4f9fd0", "#2d729e", "#b0d9f0", "#f2c14e"),
    "cream": Palette("#ece4d8", "#f3e3c3", "#c3a578", "#fdf6e6", "#b5543c"),
    "charcoal": Palette("#e9e7e4", "#3d3d42", "#232327", "#8f8f98", "#e0a63a"),
    "lilac": Palette("#ebe6f7", "#8f7cc8", "#62519c", "#c9bdec", "#f0a36b"),
    "coral": Palette("#fde7e0", "#ef7b62", "#bd5140", "#fac0b1", "#3f7f93"),
}


def draw(kind: str, palette_name: str) -> str:
    """A square SVG document. Raises KeyError (unknown palette) and FileNotFoundError (unknown kind)."""
    palette = PALETTES[palette_name]
    shape = (SHAPES / f"{kind}.svg").read_text(encoding="utf-8")
    shape = shape.format(a=palette.a, b=palette.b, c=palette.c, d=palette.d, w="#fffdf8", k="#2b2d33")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="384" height="384">'
        f'<rect width="96" height="96" fill="{palette.ground}"/>'
        '<ellipse cx="48" cy="82" rx="36" ry="5" fill="#1b1f24" opacity=".12"/>'
        f'<g transform="translate(4.8 5.4) scale(.9)">{shape}</g></svg>\n'
    )


def picture_path(kind: str, palette_name: str) -> str:
    """The picture's address on the site that runs the demo."""
    return f"/{FOLDER}/{kind}-{palette_name}.svg"


def write_pictures(public: Path, wanted: set[tuple[str, str]]) -> int:
    """Writes the pictures of (kind, palette) below `public`, the folder served at the site's root.

    Returns how many were missing or old.
    """
    written = 0
    for kind, palette_name in sorted(wanted):
        path = public / picture_path(kind, palette_name).lstrip("/")
        text = draw(kind, palette_name)
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            written += 1
    return written
