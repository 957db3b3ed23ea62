"""The life of an objection card: writing, review, merging, import and export.

Here: everything that changes a card. Not here: looking one up in a call, see objections.
May ask: contract, deals, objections, outbox, reading, kb, storage.
"""
