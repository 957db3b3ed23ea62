"""What a rep's words mean: dates, amounts, names and whole leads, read without any I/O."""

from handlers.reading.clean import clean_text, without
from handlers.reading.dates import When, read_when
from handlers.reading.durations import read_duration
from handlers.reading.lead_line import LeadLine, read_lead
from handlers.reading.money import Money, find_money, read_money
from handlers.reading.name_split import NameSplit, split_name
from handlers.reading.names import Found, Match, NameIndex, closest_word

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
