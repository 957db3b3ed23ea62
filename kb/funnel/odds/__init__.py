"""Chances of winning: by stage, learned from a team's own deals, and the forecast of them.

Here: odds, their fit and its record, the forecast. Not here: plain counts, see figures.
May ask: figures, move, stages.
"""
