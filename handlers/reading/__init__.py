"""What a rep's words mean: dates, amounts, names and whole leads, read without any I/O.

Here: pure readers of text. Not here: looking anything up, deciding what a line asks for.
May ask: kb.
"""

from handlers.reading.clean import clean_text, remove_spans
from handlers.reading.leads.lead_line import LeadLine, read_lead
from handlers.reading.moments.dates import When, read_when
from handlers.reading.moments.durations import read_duration
from handlers.reading.moments.repetition import Repetition, read_repetition, split_repetition
from handlers.reading.moments.untimed import is_report, is_untimed
from handlers.reading.money.money import Money, find_money, read_money
from handlers.reading.names.name_index import Match, NameIndex, NameMatches, find_closest_word
from handlers.reading.names.name_split import NameSplit, split_name

__all__ = [
    "LeadLine",
    "Match",
    "Money",
    "NameIndex",
    "NameMatches",
    "NameSplit",
    "Repetition",
    "When",
    "clean_text",
    "find_closest_word",
    "find_money",
    "is_report",
    "is_untimed",
    "read_duration",
    "read_lead",
    "read_money",
    "read_repetition",
    "read_when",
    "remove_spans",
    "split_name",
    "split_repetition",
]
