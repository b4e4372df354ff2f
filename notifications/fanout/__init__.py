"""From the outbox into mailboxes.

Everything here may be killed at any point and run by any number of workers at once: what a notice did and
that it is done commit together, and a mailbox's row is what its notices say, however often it is made.
"""

from notifications.fanout.fan_out import fan_out_notice, sweep_notices

__all__ = ["fan_out_notice", "sweep_notices"]
