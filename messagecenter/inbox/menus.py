"""The left column: tabs with what is unread in them, and the other folders."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from messagecenter.inbox.lists import STORE_TABS, TABS, ListAddress
from messagecenter.inbox.mailboxes import ReadableMailbox, count_words
from messagecenter.inbox.rows import ICONS, STORE_ICONS

TAB_NAMES = {
    "": pgettext_lazy("tab: all messages", "All"),
    "orders": pgettext_lazy("tab", "Orders"),
    "sellers": pgettext_lazy("tab", "Sellers"),
    "buyers": pgettext_lazy("tab", "Buyers"),
    "platform": pgettext_lazy("tab", "Platform"),
    "offers": pgettext_lazy("tab", "Offers"),
}
FOLDER_NAMES = {"archive": pgettext_lazy("folder", "Archive"), "trash": pgettext_lazy("folder", "Trash")}


@dataclass(frozen=True, slots=True)
class MenuLink:
    address: str
    icon: str
    name: str
    count: str = ""  # "", "12", "99+"
    current: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """The tabs of the inbox, the other folders, and for a store its pages beside the mailbox."""

    tabs: list[MenuLink]
    folders: list[MenuLink]
    pages: list[MenuLink]


def menu_of(mailbox: ReadableMailbox, address: ListAddress) -> Menu:
    store = mailbox.reader.is_store
    icons = STORE_ICONS if store else ICONS
    tabs = [_tab(mailbox, address, "", "inbox", mailbox.unread_total)]
    for tab, category in (STORE_TABS if store else TABS).items():
        tabs.append(_tab(mailbox, address, tab, icons[category], mailbox.unread[category]))
    folders = [_folder(mailbox, address, "archive"), _folder(mailbox, address, "trash")]
    return Menu(tabs, folders, _store_pages(mailbox.reader.store_slug) if store else [])


def _store_pages(slug: str) -> list[MenuLink]:
    """The way back to where a seller came from: the inbox is a tab of the store's orders (IN-1)."""
    return [
        MenuLink(reverse("orders:store_orders", args=[slug]), "orders", _("All orders")),
        MenuLink(reverse("accounts:team", args=[slug]), "user", _("Team")),
    ]


def title_of(address: ListAddress) -> str:
    """What the list is called: "Messages" for everything in the inbox, else its tab or folder."""
    if address.box:
        return str(FOLDER_NAMES[address.box])
    return str(TAB_NAMES[address.tab]) if address.tab else _("Messages")


def _tab(mailbox: ReadableMailbox, address: ListAddress, tab: str, icon: str, unread: int) -> MenuLink:
    current = not address.box and address.tab == tab
    return MenuLink(
        mailbox.address + ListAddress(tab=tab).query(),
        icon,
        str(TAB_NAMES[tab]),
        count_words(unread),
        current,
    )


def _folder(mailbox: ReadableMailbox, address: ListAddress, box: str) -> MenuLink:
    return MenuLink(
        mailbox.address + ListAddress(box=box).query(), box, str(FOLDER_NAMES[box]), "", address.box == box
    )
