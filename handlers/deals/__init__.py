"""What several commands need of a deal: find it, show it, record a change, check a stage.

Here: shared parts without commands of their own. Not here: a command, see selling.
May ask: contract, outbox, reading, kb, storage.
"""
