"""Any file of cards: which format it is, read and written."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Literal, get_args

from kb.objections.card import Language
from kb.objections.exchange.csv_sheet import read_csv, write_csv
from kb.objections.exchange.json_lines import read_jsonl, write_jsonl
from kb.objections.exchange.markdown import read_markdown, write_markdown
from kb.objections.exchange.record import CardRecord, Sheet
from kb.objections.exchange.refusing import NotASheet
from kb.objections.exchange.xlsx_sheet import read_xlsx, write_xlsx

Format = Literal["csv", "xlsx", "md", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)
FILE_BYTES = 2_000_000
MEDIA_TYPES: Mapping[Format, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown",
    "jsonl": "application/x-ndjson",
}
_ENDINGS: Mapping[str, Format] = {
    ".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx",
    ".md": "md", ".markdown": "md", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
_OF_A_ZIP = b"PK\x03\x04"
_OF_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def format_of(name: str) -> Format | None:
    """Return the format that a file's name promises; None for a name of another kind."""
    return _ENDINGS.get(PurePath(name[-100:]).suffix.casefold())


def read_cards(name: str, content: bytes) -> Sheet:
    """Return what a file holds, broken rows included.

    What it is, is told by its first bytes where they tell it. Raises NotASheet where nothing of
    it can be read.
    """
    kind = format_of(name)
    if len(content) > FILE_BYTES:
        raise NotASheet("too_large", FILE_BYTES // 1_000_000)
    if content.startswith(_OF_OLD_OFFICE):
        raise NotASheet("old_excel")
    if content.startswith(_OF_A_ZIP) or kind == "xlsx":
        return _some(read_xlsx(content))
    if kind is None:
        raise NotASheet("unknown")
    return _some({"csv": read_csv, "md": read_markdown, "jsonl": read_jsonl}[kind](content))


def write_cards(kind: Format, records: Sequence[CardRecord], language: Language) -> bytes:
    """Return the cards as a file, its headings in this language."""
    if kind == "jsonl":
        return write_jsonl(records)
    writers = {"csv": write_csv, "xlsx": write_xlsx, "md": write_markdown}
    return writers[kind](records, language)


def _some(sheet: Sheet) -> Sheet:
    if not sheet.rows and not sheet.broken:
        raise NotASheet("empty")
    return sheet
