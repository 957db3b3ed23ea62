"""What leaves without being asked for: nudges, digests, notices, and the jobs of the clock.

Here: the loop that sends the outbox, the scheduler's ticks. Not here: how a platform draws.
May ask: app, clock, limits, port, handlers, storage.
"""
