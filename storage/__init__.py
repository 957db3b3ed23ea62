"""Memory: tables, queries, transactions and migrations. The only SQL.

Here: what is kept and how it is found. Not here: what it means to a funnel or a person.
May ask: kb.funnel, kb.states; handlers and bot ask it.
"""
