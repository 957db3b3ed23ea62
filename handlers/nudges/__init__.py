"""Nudges: what one says and offers, its rules, limits, days off, escalation.

Here: when Repmate speaks of a deal by itself, and the answers. Not here: sending, see bot.
May ask: contract, deals, outbox, reading, selling, kb, storage.
"""
