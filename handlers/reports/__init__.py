"""Figures: report, forecast, goal, comparison, losses, hygiene, export, learned odds.

Here: reading many deals and saying what they add up to. Not here: a figure's rule, see kb.
May ask: contract, deals, objections, outbox, pictures, reading, kb, storage.
"""
