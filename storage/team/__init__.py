"""Members, their identities, invites and workspaces.

Here: queries over people. Not here: who may do what, see handlers.
May ask: messages, scope, tables.
"""
