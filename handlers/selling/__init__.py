"""The commands of a rep's day: lead, move, close, next step, note, edit and their like.

Here: one command a module. Not here: parts that several commands share, see deals.
May ask: cards, contract, deals, objections, outbox, reading, reports, kb, storage.
"""
