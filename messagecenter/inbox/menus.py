"""The left column: tabs with what is unread in them, and the other folders."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from messagecenter.inbox.lists import STORE_TABS, TABS, ListAddress
from messagecenter.inbox.mailboxes import ReadableMailbox, count_words
from messagecenter.inbox.rows import ICONS, STORE_ICONS


@dataclass(frozen=True, slots=True)
class MenuLink:
    address: str
    icon: str
    name: str
    count: str = ""  # "", "12", "99+"
    current: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """The tabs of the inbox, and the other folders."""

    tabs: list[MenuLink]
    folders: list[MenuLink]


def menu_of(mailbox: ReadableMailbox, address: ListAddress) -> Menu:
    store = mailbox.reader.is_store
    icons = STORE_ICONS if store else ICONS
    tabs = [_tab(mailbox, address, "", "inbox", mailbox.unread_total)]
    for tab, category in (STORE_TABS if store else TABS).items():
        tabs.append(_tab(mailbox, address, tab, icons[category], mailbox.unread[category]))
    folders = [_folder(mailbox, address, "archive"), _folder(mailbox, address, "trash")]
    return Menu(tabs, folders)


def title_of(address: ListAddress) -> str:
    """What the list is called: "Messages" for everything in the inbox, else its tab or folder."""
    if address.box:
        return folder_name(address.box)
    return tab_name(address.tab) if address.tab else _("Messages")


def tab_name(tab: str) -> str:
    names = {
        "": pgettext("tab: all messages", "All"),
        "orders": pgettext("tab", "Orders"),
        "sellers": pgettext("tab", "Sellers"),
        "buyers": pgettext("tab", "Buyers"),
        "platform": pgettext("tab", "Platform"),
        "offers": pgettext("tab", "Offers"),
    }
    return names[tab]


def folder_name(box: str) -> str:
    return {"archive": pgettext("folder", "Archive"), "trash": pgettext("folder", "Trash")}[box]


def _tab(mailbox: ReadableMailbox, address: ListAddress, tab: str, icon: str, unread: int) -> MenuLink:
    current = not address.box and address.tab == tab
    return MenuLink(
        mailbox.address + ListAddress(tab=tab).query(), icon, tab_name(tab), count_words(unread), current
    )


def _folder(mailbox: ReadableMailbox, address: ListAddress, box: str) -> MenuLink:
    return MenuLink(
        mailbox.address + ListAddress(box=box).query(), box, folder_name(box), "", address.box == box
    )
