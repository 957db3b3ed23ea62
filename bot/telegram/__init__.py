"""Telegram: updates in, messages out.

Here: all that names Telegram or its libraries. Not here: what an answer says.
May ask: app, inbound, limits, port, handlers, kb, storage.
"""
