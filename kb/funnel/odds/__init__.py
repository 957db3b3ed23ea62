"""Chances of winning: by stage, learned from a team's own deals, and the forecast of them.

Here: odds, the model, its training and backtest, the forecast. Not here: plain counts, see figures.
May ask: figures, stages.
"""
