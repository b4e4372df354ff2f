"""Staff write announcements and replay dead notices; nobody else gets there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.duties import Duty
from accounts.models import Store, User
from notifications.announcements import send_announcement
from notifications.fanout import sweep_notices
from notifications.models import Announcement, Notice
from tests.cast import make_person
from tests.notifications.story import entry_of, make_order, placed, tell

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def no_second_factor(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def staff(db: None, signed_in: SignIn) -> Client:
    return signed_in(make_person("Stella Stark", group=Duty.STAFF))


def written(**fields: str) -> dict[str, str]:
    return {
        "recipients": "people",
        "title_en": "New hours",
        "text_en": "From Monday on.",
        "title_fr": "Nouveaux horaires",
        "text_fr": "Dès lundi.",
        "link": "",
        **fields,
    }


def test_announcement_is_written_looked_at_and_sent(staff: Client, alice: User) -> None:
    add = reverse("admin:notifications_announcement_add")
    assert staff.get(add).status_code == 200
    answer = staff.post(add, written(_preview="1"))
    announcement = Announcement.objects.get()
    preview = reverse("admin:notifications_announcement_send", args=[announcement.pk])
    assert answer.headers["Location"] == preview
    assert announcement.title == {"en": "New hours", "fr": "Nouveaux horaires"}
    assert announcement.written_by is not None

    page = staff.get(preview).content.decode()
    assert "Nouveaux horaires" in page
    assert "2 mailboxes get it" in page  # alice and the writer
    assert not Notice.objects.exists()

    assert staff.post(preview).status_code == 302
    assert staff.get(preview).headers["Refresh"] == "2"
    sweep_notices()
    answer = staff.get(preview)
    assert "Refresh" not in answer.headers
    assert "2 mailboxes reached" in answer.content.decode()
    assert entry_of(alice).unread

    staff.post(preview)  # a second click
    assert Notice.objects.count() == 1


def test_sent_announcement_is_not_altered_any_more(staff: Client, alice: User) -> None:
    announcement = Announcement.objects.create(title={"en": "Hello"}, text={"en": "There."})
    send_announcement(announcement=announcement)
    change = reverse("admin:notifications_announcement_change", args=[announcement.pk])
    assert "There." in staff.get(change).content.decode()
    assert staff.post(change, written()).status_code == 403
    delete = reverse("admin:notifications_announcement_delete", args=[announcement.pk])
    assert staff.post(delete, {"post": "yes"}).status_code == 403
    staff.post(
        reverse("admin:notifications_announcement_changelist"),
        {"action": "delete_selected", "_selected_action": [announcement.pk], "post": "yes"},
    )
    assert Announcement.objects.get().title == {"en": "Hello"}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text_fr": ""}, "A title and its text belong together."),
        (
            dict.fromkeys(("title_en", "text_en", "title_fr", "text_fr"), ""),
            "Write it in one language at least.",
        ),
        ({"title_en": "x" * 121}, "at most 120 characters"),
    ],
)
def test_announcement_that_is_not_whole_is_refused(staff: Client, fields: dict[str, str], error: str) -> None:
    page = staff.post(reverse("admin:notifications_announcement_add"), written(**fields))
    assert error in page.content.decode()
    assert not Announcement.objects.exists()


def test_reader_of_a_language_without_text_is_foreseen(staff: Client) -> None:
    announcement = Announcement.objects.create(title={"en": "Hello"}, text={"en": "There."})
    page = staff.get(
        reverse("admin:notifications_announcement_send", args=[announcement.pk])
    ).content.decode()
    assert "There is no text in French" in page


def test_dead_notice_is_replayed(staff: Client, alice: User, store: Store) -> None:
    order = make_order(alice, (store, "Lamp"))
    tell(order, placed(order))
    Notice.objects.update(state="dead", error="SealingError: no", attempts=8)
    notices = reverse("admin:notifications_notice_changelist")
    page = staff.get(notices, {"state__exact": "dead"}).content.decode()
    assert "SealingError" in page
    staff.post(notices, {"action": "replay", "_selected_action": [Notice.objects.get().pk]})
    sweep_notices()
    assert entry_of(alice).unread


def test_notice_is_read_only(staff: Client, alice: User, store: Store) -> None:
    order = make_order(alice, (store, "Lamp"))
    tell(order, placed(order))
    notice = Notice.objects.get()
    change = reverse("admin:notifications_notice_change", args=[notice.pk])
    page = staff.get(change).content.decode()
    assert 'name="_save"' not in page
    staff.post(change, {"kind": "other"})
    notice.refresh_from_db()
    assert notice.kind == "order_placed"
    assert staff.get(reverse("admin:notifications_notice_add")).status_code == 403


@pytest.mark.parametrize("group", [Duty.MODERATORS, Duty.SERVICE])
def test_others_of_the_marketplace_send_nothing(signed_in: SignIn, group: str) -> None:
    announcement = Announcement.objects.create(title={"en": "Hello"}, text={"en": "There."})
    browser = signed_in(make_person("Otto Orth", group=group))
    for name, args in [("announcement_send", [announcement.pk]), ("announcement_add", [])]:
        assert browser.post(reverse(f"admin:notifications_{name}", args=args)).status_code == 403
    assert not Notice.objects.exists()


def test_people_find_no_administration(signed_in: SignIn, alice: User) -> None:
    announcement = Announcement.objects.create(title={"en": "Hello"}, text={"en": "There."})
    send = reverse("admin:notifications_announcement_send", args=[announcement.pk])
    answer = signed_in(alice).post(send, follow=True)
    assert answer.status_code == 404
    assert not Notice.objects.exists()
