"""Slack: events, commands and interactions in; messages, modals and App Home out.

Here: all that names Slack or its libraries. Not here: what an answer says.
May ask: app, clock, inbound, limits, port, handlers, kb, storage.
"""
