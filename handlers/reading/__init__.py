"""What a rep's words mean: dates, amounts, names and whole leads, read without any I/O.

Here: pure readers of text. Not here: looking anything up, deciding what a line asks for.
May ask: kb.
"""

from handlers.reading.clean import clean_text, without
from handlers.reading.leads.lead_line import LeadLine, read_lead
from handlers.reading.moments.dates import When, read_when
from handlers.reading.moments.durations import read_duration
from handlers.reading.money.money import Money, find_money, read_money
from handlers.reading.names.name_split import NameSplit, split_name
from handlers.reading.names.names import Found, Match, NameIndex, closest_word

__all__ = [
    "Found",
    "LeadLine",
    "Match",
    "Money",
    "NameIndex",
    "NameSplit",
    "When",
    "clean_text",
    "closest_word",
    "find_money",
    "read_duration",
    "read_lead",
    "read_money",
    "read_when",
    "split_name",
    "without",
]
