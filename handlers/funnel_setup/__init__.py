"""Funnel setup: edit stages, tune a stage, switch, add or close a funnel.

Here: what an admin changes of a funnel. Not here: moving deals, see selling.
May ask: contract, deals, reading, kb, storage.
"""
