"""Names: whom a few letters mean, where a name ends, whether it is a company's or a person's.

Here: pure matching over names that are given. Not here: loading them.
May ask: clean, contact_points, kb.
"""
