"""Dates, times, durations and periods as people write them, in English and Chinese.

Here: pure reading; `now` and the zone come in. Not here: what is booked with them.
May ask: clean, counted_nouns, numbers_zh, kb.
"""
