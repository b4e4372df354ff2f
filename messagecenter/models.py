from messagecenter.datakeys import DataKey
from messagecenter.inbox.models import Entry, Mailbox

__all__ = ["DataKey", "Entry", "Mailbox"]
