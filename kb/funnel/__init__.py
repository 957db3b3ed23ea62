"""The funnel: stages, moves, working time, attention and odds, as rules over frozen values.

Here: rules that take `now` and a calendar. Not here: loading deals, words of an answer.
May ask: kb.states.
"""
