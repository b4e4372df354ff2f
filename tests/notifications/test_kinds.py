"""The words of every kind of notice, for each side, in each language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone, translation

from messagecenter.words.catalogues import check_catalogues
from notifications.kinds import ORDER_KINDS, PERSON_KINDS
from notifications.kinds.kind import Matter, Words
from notifications.kinds.phrases import as_sentence, day, money, window
from notifications.kinds.platform import AnnouncementKind
from notifications.kinds.problems import TROUBLES
from notifications.news import Line, OrderFacts, OrderView, StoredNotice, Told
from orders.models import Milestone
from orders.shipments import ExceptionKind
from tests.notifications.samples import BARE, SAMPLES, Sample
from tests.notifications.story import NOON, at, parcel

LANGUAGES = [code for code, _name in settings.LANGUAGES]
MINE, THEIRS = 7, 8


def lines(*, shared: bool = False) -> list[Line]:
    price = Decimal("20.00")
    mine = [
        Line("1", MINE, "Bob's Books", "Ceramic lamp", 1, price, "", cancelled=False),
        Line("2", MINE, "Bob's Books", "Linen shade", 1, price, "", cancelled=False),
    ]
    return [*mine, Line("3", THEIRS, "Secret store", "Secret item", 1, price, "", cancelled=False)][
        : 3 if shared else 2
    ]


def facts(*, shared: bool = False) -> OrderFacts:
    return OrderFacts(
        1, "405-1234", "shipped", NOON, "EUR", Decimal("45.00"), 3, "Alice Arnaud", lines(shared=shared)
    )


def told(view: OrderView, sample: Sample) -> Told | None:
    kind, key, hours, params = sample
    return next(iter(view.news([StoredNotice(1, key, kind, params, at(hours), 0)])), None)


def words(view: OrderView, sample: Sample) -> tuple[str, str, Words] | None:
    """Subject, preview and page; None where this side does not get it."""
    news = told(view, sample)
    if news is None:
        return None
    matter = view.matter(news, store_slug="bobs-books")
    return news.content.subject(matter), news.content.preview(matter), news.content.words(matter)


def texts_of(said: tuple[str, str, Words]) -> list[str]:
    subject, preview, page = said
    return [
        subject,
        *([preview] if preview else []),
        page.title,
        *page.paragraphs,
        *(fact.label for fact in page.facts),
        *(fact.value for fact in page.facts),
        *(step.words for step in page.steps),
        *(action.label for action in page.actions),
    ]


def views(*, shared: bool = False) -> list[OrderView]:
    return [facts(shared=shared).for_buyer(), facts(shared=shared).for_store(MINE)]


def test_every_milestone_but_the_payment_has_a_kind() -> None:
    told_kinds = {kind for kind, *_rest in SAMPLES}
    assert told_kinds == set(ORDER_KINDS)
    assert "payment_confirmed" not in ORDER_KINDS
    assert Milestone._meta.get_field("kind").max_length == 40


def test_every_problem_has_its_own_words() -> None:
    assert set(TROUBLES) == set(ExceptionKind)
    assert len({str(trouble.buyer_text) for trouble in TROUBLES.values()}) == len(ExceptionKind)
    assert all(trouble.buyer_steps for trouble in TROUBLES.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("samples", [SAMPLES, BARE], ids=["full", "bare"])
def test_every_kind_has_words_for_each_side(language: str, samples: list[Sample]) -> None:
    with translation.override(language):
        for view in views():
            for sample in samples:
                said = words(view, sample)
                if said is None:
                    assert view.side not in ORDER_KINDS[sample[0]].sides
                    continue
                subject, _preview, page = said
                assert "Ceramic lamp" in subject or "Linen shade" in subject
                assert page.title
                assert page.paragraphs
                order_page = page.actions[-1].url.partition("#")[0]  # always the last
                assert order_page.endswith("/405-1234/")
                for text in texts_of(said):
                    assert text == text.strip() != ""
                    assert "%(" not in text
                    assert "None" not in text
                    assert ".." not in text
                    assert "  " not in text
                    assert not text.endswith((": .", " ."))


def test_french_says_everything_in_french() -> None:
    given = {
        "Ceramic lamp",
        "Linen shade",
        "DHL",
        "JD014600006281",
        "Lyon",
        "Sorted",
        "Parcel locker 12",
        "T1",
        "R1",
    }
    given |= {
        "A. Arnaud",
        "Not possible",
        "Sorry, sold out.",
        "Put the lamp into its box.",
        "Visa •••• 4242",
        "2",
    }
    given |= {"Kiosk, 3 rue Neuve", "Total", "Articles", "Returns, 1 Dock Road, 69001 Lyon, France"}
    for view in views():
        for sample in SAMPLES:
            with translation.override("en"):
                english = words(view, sample)
            with translation.override("fr"):
                french = words(view, sample)
            if english and french:
                assert set(texts_of(english)) & set(texts_of(french)) <= given


def test_no_word_lacks_its_french() -> None:
    lacks = [lack for lack in check_catalogues(settings.BASE_DIR, "fr") if "notifications" in lack.path.parts]
    assert lacks == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_store_reads_nothing_of_other_stores_nor_of_the_buyers_card(language: str) -> None:
    buyer, store = views(shared=True)
    with translation.override(language):
        for kind, key, hours, params in SAMPLES:
            mixed = {**params, "items": ["1", "3"]} if "items" in params else params
            said = words(store, (kind, key, hours, mixed))
            if said is None:
                continue
            everything = " ".join(texts_of(said)) + repr(said)
            assert "Secret" not in everything
            assert "4242" not in everything
            assert "A. Arnaud" not in everything
            assert "labels.example" not in everything
        assert "Secret item" in " ".join(
            texts_of(
                words(buyer, ("delivered", "delivered:S3", 9, parcel("S3", ["3"]))) or ("", "", Words("", []))
            )
        )


def test_store_gets_no_parcel_of_another(db: None) -> None:
    store = facts(shared=True).for_store(MINE)
    assert told(store, ("delivered", "delivered:S3", 9, parcel("S3", ["3"]))) is None
    assert told(store, ("delivered", "delivered:S3", 9, parcel("S3", [], store=THEIRS))) is None
    assert told(store, ("delivered", "delivered:S1", 9, parcel("S1", ["1"], store=MINE))) is not None


@pytest.mark.parametrize("items", [["1", "3"], []])
@pytest.mark.parametrize("kind", ["refund_issued", "return_authorised"])
def test_what_several_sellers_share_is_no_stores_business(kind: str, items: list[str]) -> None:
    store = facts(shared=True).for_store(MINE)
    sample = next(each for each in SAMPLES if each[0] == kind)
    assert told(store, (*sample[:3], {**sample[3], "items": items})) is None


def test_several_sellers_are_mentioned_to_the_buyer() -> None:
    said = words(facts(shared=True).for_buyer(), SAMPLES[0])
    assert said
    assert "separately" in " ".join(said[2].paragraphs)


def test_delivered_says_where_and_when_and_lets_one_claim() -> None:
    sample = next(each for each in SAMPLES if each[0] == "delivered")
    with timezone.override("Europe/Paris"):
        said = words(facts().for_buyer(), sample)
    assert said
    assert said[1] == "Tuesday, November 24, 1:00\u202fPM. Left here: Parcel locker 12."
    claim = said[2].actions[0]
    assert (claim.label, claim.url) == (
        "Not received or wrong item?",
        "/orders/405-1234/claim/?shipment=S2",
    )


def test_tracking_leads_to_the_carriers_own_page() -> None:
    said = words(facts().for_buyer(), SAMPLES[1])
    assert said
    track = said[2].actions[0]
    assert (track.label, track.external) == ("Track parcel", True)
    assert track.url == "https://www.dhl.com/global-en/home/tracking.html?tracking-id=JD014600006281"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example", "data:text/html,x"])
def test_no_address_but_a_web_page_becomes_a_link(address: str) -> None:
    steps = [{"kind": "reschedule", "url": address}]
    trouble = parcel(
        tracking_number="", carrier="unknown", tracking_url=address, problem="lost", next_steps=steps
    )
    label = {"return": "T1", "items": [], "label_url": address}
    for sample in [("delivery_exception", "e", 9.0, trouble), ("return_authorised", "r", 9.0, label)]:
        said = words(facts().for_buyer(), sample)
        assert said
        links = {action.url for action in said[2].actions} | {step.url for step in said[2].steps}
        assert all(not link or link.startswith("/orders/") for link in links)


def test_given_next_steps_come_before_our_own() -> None:
    steps: list[dict[str, Any]] = [
        {"kind": "pick_up", "place": "Kiosk", "until": at(200).isoformat()},
        {"kind": "reschedule", "url": "https://carrier.example/x"},
    ]
    sample = ("delivery_exception", "e", 9.0, parcel(problem="failed_attempt", next_steps=steps))
    said = words(facts().for_buyer(), sample)
    assert said
    assert [(step.words, step.url) for step in said[2].steps] == [
        ("Pick up the parcel", ""),
        ("Choose another day for the delivery", "https://carrier.example/x"),
    ]
    assert said[2].steps[0].detail == "Kiosk, until Sat, Nov 28"


@pytest.mark.parametrize(
    ("old", "new", "word"), [(50, 99, "later"), (99, 50, "earlier"), (50, 50.1, "new delivery window")]
)
def test_estimate_says_which_way_it_moved(old: float, new: float, word: str) -> None:
    params = parcel(old_to=at(old).isoformat(), estimate_to=at(new).isoformat())
    said = words(facts().for_buyer(), ("estimate_changed", "estimate:S1:m/1", 1, params))
    assert said
    assert word in said[2].paragraphs[0]


def test_times_are_told_in_the_readers_zone() -> None:
    with translation.override("fr"), timezone.override("Pacific/Auckland"):
        assert day(at(13)) == "samedi 21 novembre"
        assert window("", at(13).isoformat()) == "sam. 21 nov."
    with translation.override("en"), timezone.override("America/Los_Angeles"):
        assert day(at(13)) == "Friday, November 20"


def test_money_is_written_as_the_reader_writes_it() -> None:
    with translation.override("en"):
        assert money("1234.5", "EUR") == "€1,234.50"
        assert money("1234", "JPY") == "¥1,234"
    with translation.override("fr"):
        assert money("1234.5", "EUR") == "1\u202f234,50\u00a0€"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("le 28 nov..", "Le 28 nov."),
        ("le 28 nov.. Ensuite", "Le 28 nov. Ensuite"),
        ("wait...", "Wait..."),
        ("", ""),
    ],
)
def test_sentences_begin_and_end_as_they_should(text: str, sentence: str) -> None:
    assert as_sentence(text) == sentence


def test_order_without_items_is_called_by_its_number() -> None:
    empty = OrderFacts(1, "405-1234", "placed", NOON, "EUR", Decimal("45.00"), 3, "", [])
    said = words(empty.for_buyer(), SAMPLES[0])
    assert said
    assert said[0] == "Order confirmation"


@pytest.mark.parametrize("language", LANGUAGES)
def test_platform_kinds_have_words(language: str) -> None:
    params = {
        "title": {"en": "News", "fr": "Nouvelles"},
        "text": {"en": "One.\n\nTwo.", "fr": "Un.\n\nDeux."},
    }
    with translation.override(language):
        for kind in PERSON_KINDS.values():
            content = kind.parse(params)
            assert content.subject()
            assert content.summary()
            assert content.words().paragraphs


def test_announcement_parts_its_paragraphs_and_links_pages_only() -> None:
    content = AnnouncementKind(
        title={"en": "News"}, text={"en": "One\nline.\r\n\r\nTwo.\n\n\n"}, link="javascript:alert(1)"
    )
    assert content.words() == Words("News", ["One\nline.", "Two."])
    assert content.summary() == "One line. Two."


def test_a_person_is_called_a_customer_where_he_gave_no_name() -> None:
    matter = Matter(side=views()[1].side, number="1", title="", others=0, occurred_at=NOON)
    assert matter.buyer_name == "A customer"
