"""A whole lead read from one line: its parts, its names, its source.

Here: lines that name a customer, a person, a phone, an amount. Not here: looking one up.
May ask: clean, contact_points, money, names, kb.
"""
