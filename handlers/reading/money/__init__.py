"""Amounts of money and currencies as people write them.

Here: pure reading. Not here: writing amounts, see contract.
May ask: clean, counted_nouns, numbers_en, numbers_zh.
"""
