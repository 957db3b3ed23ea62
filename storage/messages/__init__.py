"""What comes in and goes out: inbox, outbox and claims, drafts, nudges, kept rate limits.

Here: queries over messages. Not here: sending.
May ask: tables.
"""
