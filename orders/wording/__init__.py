"""What an order's facts are called, in the reader's language and his time zone.

The order pages use it, and whatever lies above the orders app may: notices, mails, the seller's desk.
"""
