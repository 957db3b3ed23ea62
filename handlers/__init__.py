"""What a person can ask for: Request -> Reply, as plain functions without platform or SQL.

Here: the rooms; beside them routes, registry, home page and undo. Not here: async code.
May ask: storage, kb; only bot asks it.
"""
