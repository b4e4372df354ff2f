from pathlib import Path

from django.conf import settings

from messagecenter.words.catalogues import check_catalogues, compile_catalogues, update_catalogues
from messagecenter.words.extraction import ROOMS


def test_every_word_has_its_french() -> None:
    lacks = check_catalogues(settings.BASE_DIR, "fr")
    assert not lacks, lacks


def test_words_of_code_and_templates_are_found(tmp_path: Path) -> None:
    write(tmp_path / "orders" / "order.py", "from x import gettext as _\n_('Parcel')\n")
    write(
        tmp_path / "templates" / "orders" / "list.html",
        "{% load i18n %}\n  <p>{% translate 'Late' %}\n <b>{% blocktranslate count n=n %}{{ n }} item"
        "{% plural %}{{ n }} items{% endblocktranslate %}",
    )
    write(tmp_path / "templates" / "jinja2" / "row.html", "{{ gettext('Unread') }}")

    update_catalogues(tmp_path, "fr")

    orders, frame = (room.catalogue(tmp_path, "fr").read_text() for room in (ROOMS[1], ROOMS[3]))
    for words in ('msgid "Parcel"', 'msgid "Late"', 'msgid "%(n)s item"', 'msgid_plural "%(n)s items"'):
        assert words in orders
    assert 'msgid "Unread"' in frame


def test_untranslated_and_faulty_words_are_told(tmp_path: Path) -> None:
    write(tmp_path / "orders" / "order.py", "_('One %(name)s')\n_('Two')\n")
    update_catalogues(tmp_path, "fr")
    path = ROOMS[1].catalogue(tmp_path, "fr")
    path.write_text(
        path.read_text().replace('"One %(name)s"\nmsgstr ""', '"One %(name)s"\nmsgstr "Un %(nom)s"')
    )

    (lack,) = check_catalogues(tmp_path, "fr")

    assert lack.untranslated == ["Two"]
    assert lack.faulty == ["One %(name)s"]


def test_compiling_skips_what_is_up_to_date(tmp_path: Path) -> None:
    write(tmp_path / "orders" / "order.py", "_('Parcel')\n")
    update_catalogues(tmp_path, "fr")
    assert compile_catalogues(tmp_path, "fr") == len(ROOMS)
    assert compile_catalogues(tmp_path, "fr") == 0


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
