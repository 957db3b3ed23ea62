"""People and settings: create a team, join, invite, settings, help, health.

Here: members, roles, the team's own settings. Not here: deals.
May ask: contract, deals, nudges, objections, reading, kb, storage.
"""
