from notifications.notice import Audience, Notice

__all__ = ["Audience", "Notice"]
