"""Shaping funnels: edit stages, tune a stage, switch or add a funnel.

Here: what an admin changes of a funnel. Not here: moving deals, see selling.
May ask: contract, deals, reading, kb, storage.
"""
