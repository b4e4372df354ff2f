"""The administration's pages of this app; Django's autodiscovery imports this package."""

from notifications.admin import announcements, notices

__all__ = ["announcements", "notices"]
