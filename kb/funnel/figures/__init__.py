"""Figures over many deals: measures, report, comparison, losses, hygiene, goals, what if.

Here: pure counts over deals' histories. Not here: chances of winning, see odds.
May ask: calendar, stages.
"""
