"""Reports: report, forecast, goal, comparison, losses, hygiene, export, rates, learned odds.

Here: figures over many deals, as text and charts. Not here: a figure's rule, see kb.
May ask: contract, deals, objections, outbox, pictures, reading, kb, storage.
"""
