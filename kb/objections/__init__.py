"""Objection cards: what customers say, and how a few mistyped letters find the answer.

Here: cards, normalising, the index and its search. Not here: whose cards, what is shown.
May ask: kb.states.
"""
