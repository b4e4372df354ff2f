"""The orders app's signals, each with the arguments it sends. Sent inside the transaction they tell of."""

from django.dispatch import Signal

# order_event_recorded(order: Order, changed: list[Milestone], removed: list[str], altered: bool)
# `changed` are the milestones that the event added or altered, `removed` the keys of those that a late
# event showed to be none (an estimate that turned out not to have changed). Either may be empty. `altered`
# tells whether the status, the items or what lies in the parcels changed, with a milestone or without.
order_event_recorded = Signal()

# order_claimed(claim: Claim) when a buyer has opened a claim (OR-4).
order_claimed = Signal()
