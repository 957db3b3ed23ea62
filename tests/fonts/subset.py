"""Makes the fonts of pictures: parts of Noto fonts, under names of their own.

They lie in `handlers/pictures/font_files/` and are made again only to change what they contain:

    mkdir /tmp/noto && cd /tmp/noto
    apt-get download fonts-noto-cjk=1:20220127+repack1-1 fonts-noto-core=20201225-1
    for package in *.deb; do dpkg-deb --extract "$package" .; done
    npm pack @expo-google-fonts/noto-emoji@0.4.7
    tar --extract --file expo-google-fonts-noto-emoji-0.4.7.tgz
    cd - && .venv/bin/python -m tests.fonts.subset /tmp/noto

The same packages and the same fontTools (see requirements/dev.txt) give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from handlers.pictures.fonts import FILES

CORE = "usr/share/fonts/truetype/noto/NotoSans{}-Regular.ttf"
CHINESE = "usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
EMOJI = "package/400Regular/NotoEmoji_400Regular.ttf"
SIMPLIFIED = 2  # of the faces in CHINESE: it has all letters, those shared in mainland China's form
EVERYTHING = range(0x110000)
# Without the rarest ideographs (extension A and those beyond U+FFFF), which are half of the font,
# and without the alphabets, which Noto Sans draws.
CHINESE_BLOCKS = (
    range(0x1100, 0x1200),  # Hangul's parts, of which HarfBuzz makes the syllables below
    range(0x2000, 0x3400),  # punctuation, symbols, kana, bopomofo
    range(0x4E00, 0xA000),  # CJK unified ideographs
    range(0xAC00, 0xD7B0),  # Hangul
    range(0xF900, 0xFB00),  # compatibility ideographs, two of them in Big5
    range(0xFE10, 0xFFF0),  # full-width and half-width forms
    range(0x1F000, 0x1F300),  # enclosed letters
)
ARROWS_AND_MARKS = (range(0x2100, 0x2C00),)
SCRIPTS = (
    *("Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati"),
    *("Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya"),
    *("Sinhala", "Tamil", "Telugu", "Thai"),
)
KEPT_NAMES = (0, 1, 2, 3, 4, 5, 6, 7, 13, 14)  # with copyright, trademark and licence
DESCRIPTION = 10


@dataclass(frozen=True)
class Part:
    """One font to make: its family, the file it is a part of, and what is kept of that.

    A font has `shaping` where its letters change with their neighbours (Arabic, emoji) or are set
    closer beside some (kerning).
    """

    family: str
    source: str
    blocks: Iterable[Iterable[int]] = (EVERYTHING,)
    face: int = -1
    shaping: bool = True

    @property
    def file_name(self) -> str:
        """The name of the font's file."""
        return self.family.replace(" ", "") + Path(self.source).suffix.replace("ttc", "otf")


PARTS = (
    Part("Repmate Sans", CORE.format("")),
    Part("Repmate Sans CJK", CHINESE, CHINESE_BLOCKS, SIMPLIFIED, shaping=False),
    Part("Repmate Emoji", EMOJI),
    Part("Repmate Sans Symbols", CORE.format("Symbols")),
    Part("Repmate Sans Symbols2", CORE.format("Symbols2"), ARROWS_AND_MARKS, shaping=False),
    Part("Repmate Sans Math", CORE.format("Math"), ARROWS_AND_MARKS, shaping=False),
    *(Part(f"Repmate Sans {script}", CORE.format(script)) for script in SCRIPTS),
)


def made(part: Part, sources: Path) -> TTFont:
    """The part as a font, not yet written."""
    font = TTFont(sources / part.source, fontNumber=part.face, recalcTimestamp=False)
    upstream = font["name"].getDebugName(4), font["name"].getDebugName(5)
    subsetter = subset.Subsetter(options(part))
    subsetter.populate(unicodes={letter for block in part.blocks for letter in block})
    subsetter.subset(font)
    rename(font, part.family, f"Part of {upstream[0]}, {upstream[1]}")
    return font


def options(part: Part) -> subset.Options:
    """No hints (matplotlib hints by itself), nothing for vertical text, no optional shapes."""
    options = subset.Options(hinting=False, notdef_outline=True, name_IDs=list(KEPT_NAMES))
    options.drop_tables += ["BASE", "DSIG", "STAT", "VORG", "vhea", "vmtx", "gasp"]
    if not part.shaping:
        options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    return options


def rename(font: TTFont, family: str, description: str) -> None:
    """Gives a font its own name, so that no Noto font of the machine is taken for it."""
    joined = family.replace(" ", "")
    names = {1: family, 2: "Regular", 3: joined, 4: family, 6: joined, DESCRIPTION: description}
    for entry in list(font["name"].names):
        if entry.nameID in names or entry.nameID not in KEPT_NAMES:
            font["name"].removeNames(nameID=entry.nameID)
    for place, name in names.items():
        font["name"].setName(name, place, 3, 1, 0x409)  # Windows, Unicode, English
    if "CFF " in font:
        compact = font["CFF "].cff
        compact.fontNames[0] = joined
        compact[0].FullName, compact[0].FamilyName = family, family


def main(sources: Path) -> None:
    """Writes all the fonts."""
    for part in PARTS:
        made(part, sources).save(FILES / part.file_name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
