"""Objection look-up in a call: the card, its angles, feedback, gaps.

Here: finding and showing cards, what became of them. Not here: writing cards, see cards.
May ask: contract, deals, reading, kb, storage.
"""
