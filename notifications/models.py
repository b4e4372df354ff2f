from notifications.notice import Announcement, Audience, Chunk, Notice, Recipients

__all__ = ["Announcement", "Audience", "Chunk", "Notice", "Recipients"]
