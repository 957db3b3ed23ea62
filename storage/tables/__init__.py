"""The tables, one module a subject. SQLModel defines them; migrations are made from them.

Here: columns, keys, indices and what each field means. Not here: queries.
May ask: nobody.
"""
