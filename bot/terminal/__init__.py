"""The terminal: a real platform for newcomers, scripts and tests.

Here: the screen, the sample team, the terminal's own words. Not here: what an answer says.
May ask: app, clock, delivery, port, handlers, kb, storage.
"""
