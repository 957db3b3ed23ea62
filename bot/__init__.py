"""The outside world: platforms, clock, delivery and processes. The only async code.

Here: what talks to networks, clocks and processes. Not here: what an answer says.
May ask: handlers, storage, kb; nobody asks it.
"""
