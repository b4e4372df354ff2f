"""Every signal of the project's upper half, each with the arguments it sends.

The orders app sends its own, in `orders/signals.py`.
"""

from django.dispatch import Signal

# entries_changed(mailbox_ids: list[int]) after rows of these mailboxes were written by a person's own
# action or by fan-out; sent inside the transaction. The poke leaves on commit.
entries_changed = Signal()
