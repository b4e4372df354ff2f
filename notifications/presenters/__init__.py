"""How the inbox gets the words of orders and notices."""

from notifications.presenters.notices import NoticePresenter
from notifications.presenters.orders import OrderPresenter

__all__ = ["NoticePresenter", "OrderPresenter"]
