"""What Repmate says by itself and when: the day's digest, the week's, due messages.

Here: gathering what is due and writing it. Not here: one nudge's text, see nudges.
May ask: cards, contract, deals, nudges, objections, outbox, reports, selling, kb, storage.
"""
