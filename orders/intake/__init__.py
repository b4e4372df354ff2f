"""How orders come in: signed events by webhook, kept as they came, and the order that follows from them.

views      method, size, signature, JSON, schema: each failure its own answer
recording  one transaction: the event, the order's new state, the signal
derive     the order as a pure function of its events
projection the derived order, written as differences to the tables
waiting    what could not be applied yet: tried again, declared dead, replayed
"""
