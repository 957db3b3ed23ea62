"""Delivery of messages that Repmate starts: nudges, digests, notices; and the clock's jobs.

Here: the loop that sends the outbox, the scheduler's ticks. Not here: how a platform draws.
May ask: app, clock, limits, port, handlers, storage.
"""
