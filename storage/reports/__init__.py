"""Goals, exchange rates and learned odds.

Here: queries for the figures. Not here: deals' histories, see deals.
May ask: tables.
"""
