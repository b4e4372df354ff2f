from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from messagecenter.demo.catalogue import STORES, pictures_wanted
from messagecenter.demo.pictures import FOLDER, SHAPES, draw, write_pictures

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {f"{SVG}{name}" for name in ("svg", "g", "rect", "ellipse", "circle", "path")}


@pytest.mark.parametrize("picture", sorted(pictures_wanted()))
def test_picture_is_small_square_and_only_drawn(picture: tuple[str, str]) -> None:
    text = draw(*picture)
    root = ET.fromstring(text)
    assert root.get("viewBox") == "0 0 96 96"
    assert {element.tag for element in root.iter()} <= DRAWN
    assert "{" not in text, "a colour was not filled in"
    assert len(text) < 4000


def test_every_product_has_a_picture_of_its_own_and_every_shape_is_used() -> None:
    products = [product for store in STORES for product in store.products]
    assert len({product.picture_url for product in products}) == len(products)
    assert {path.stem for path in SHAPES.glob("*.svg")} == {product.kind for product in products}


def test_pictures_are_written_once(tmp_path: Path) -> None:
    wanted = pictures_wanted()
    assert write_pictures(tmp_path, wanted) == len(wanted)
    assert write_pictures(tmp_path, wanted) == 0
    product = STORES[0].products[0]
    assert (tmp_path / product.picture_url.lstrip("/")).is_file()
    assert product.picture_url.startswith(f"/{FOLDER}/")
    (tmp_path / product.picture_url.lstrip("/")).write_text("old")
    assert write_pictures(tmp_path, wanted) == 1
