"""Objection cards, look-ups, gaps and learned phrasings.

Here: queries over cards and their use. Not here: search, see kb.
May ask: scope, tables.
"""
