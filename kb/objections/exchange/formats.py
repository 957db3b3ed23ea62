"""The file formats of cards: recognises, reads and writes each."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Literal, get_args

from kb.objections.card import Language
from kb.objections.exchange.csv_sheet import read_csv, write_csv
from kb.objections.exchange.json_lines import read_jsonl, write_jsonl
from kb.objections.exchange.markdown import read_markdown, write_markdown
from kb.objections.exchange.record import CardRecord, Sheet, UnreadableFile
from kb.objections.exchange.xlsx_sheet import read_xlsx, write_xlsx

Format = Literal["csv", "xlsx", "md", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)
FILE_BYTES = 2_000_000
_ENDINGS: Mapping[str, Format] = {
    ".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx",
    ".md": "md", ".markdown": "md", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
_ZIP_SIGNATURE = b"PK\x03\x04"
_OLD_OFFICE_SIGNATURE = b"\xd0\xcf\x11\xe0"


def find_format(name: str) -> Format | None:
    """Return the format that a file's name promises; None for a name of another kind."""
    return _ENDINGS.get(PurePath(name[-100:]).suffix.casefold())


def read_cards(name: str, content: bytes) -> Sheet:
    """Return what a file holds, broken rows included.

    The first bytes decide the format where they can, else the name. Raises UnreadableFile.
    """
    kind = find_format(name)
    if len(content) > FILE_BYTES:
        raise UnreadableFile("too_large", FILE_BYTES // 1_000_000)
    if content.startswith(_OLD_OFFICE_SIGNATURE):
        raise UnreadableFile("old_excel")
    if content.startswith(_ZIP_SIGNATURE) or kind == "xlsx":
        return _require_rows(read_xlsx(content))
    if kind is None:
        raise UnreadableFile("unknown")
    return _require_rows({"csv": read_csv, "md": read_markdown, "jsonl": read_jsonl}[kind](content))


def write_cards(kind: Format, records: Sequence[CardRecord], language: Language) -> bytes:
    """Return the cards as a file's content, with headings in this language."""
    if kind == "jsonl":
        return write_jsonl(records)
    writers = {"csv": write_csv, "xlsx": write_xlsx, "md": write_markdown}
    return writers[kind](records, language)


def _require_rows(sheet: Sheet) -> Sheet:
    if not sheet.rows and not sheet.broken:
        raise UnreadableFile("empty")
    return sheet
