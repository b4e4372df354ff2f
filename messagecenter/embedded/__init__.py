"""PostgreSQL and Redis for development and tests, started by whoever needs them first.

A process that calls `ensure_servers` becomes a client: it holds a shared lock for as long as it lives,
however it dies. One keeper per server starts it, restarts it when it is killed, and stops it when no
client is left. Everything lies under `.local/` of the checkout; nothing listens on a TCP port.
"""

from messagecenter.embedded.client import Servers, ensure_servers
from messagecenter.embedded.errors import EmbeddedServersError

__all__ = ["EmbeddedServersError", "Servers", "ensure_servers"]
