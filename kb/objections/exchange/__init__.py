"""Cards as files: Markdown, CSV, XLSX and JSON Lines in and out, and what one would change.

Here: formats, checks, comparing with the cards that are there. Not here: changing them.
May ask: card, near_duplicate, normalise, search.
"""
