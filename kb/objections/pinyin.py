"""Pinyin: the syllables and initials of Chinese, with sounds that are often confused made equal."""

from functools import lru_cache

MAX_SYLLABLE = 6
_VOWELS = frozenset("aeiouv")

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"))


@lru_cache(maxsize=4096)
def soften(syllable: str) -> str:
    """Return the syllable with zh/z, ch/c, sh/s, n/l and -ng/-n made equal.

    These are the pairs that southern speakers and fast typists mix up.
    """
    for long, short in _INITIALS:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
            break
    syllable = syllable.replace("v", "u")
    return syllable[:-1] if syllable.endswith("ng") else syllable


def to_syllables(hanzi: str) -> list[str]:
    """Return one plain syllable for each Chinese character of the run."""
    return [sound for word in _segment(hanzi) for sound in _pronounce(word)]


def _segment(hanzi: str) -> list[str]:
    from pypinyin.core import Pinyin  # noqa: PLC0415  # 200 ms, needed only where Chinese is met

    words: list[str] = Pinyin().seg(hanzi)
    return words


@lru_cache(maxsize=16384)
def _pronounce(word: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # as above

    return tuple(lazy_pinyin(word, errors=_mark_unknown))


def _mark_unknown(run: str) -> str:
    return "?" * len(run)


@lru_cache(maxsize=1)
def _known_syllables() -> frozenset[str]:
    from pypinyin import Style  # noqa: PLC0415  # as above
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415  # as above
    from pypinyin.style import convert  # noqa: PLC0415  # as above

    block = range(0x4E00, 0x9FA6)
    marked = {PINYIN_DICT[code].split(",")[0] for code in block if code in PINYIN_DICT}
    plain = {convert(sound, Style.NORMAL, strict=True).replace("ü", "v") for sound in marked}
    return frozenset(sound for sound in plain if not _VOWELS.isdisjoint(sound))


@lru_cache(maxsize=4096)
def split_syllables(word: str) -> tuple[str, ...]:
    """Cut a Latin word into pinyin syllables, as few as possible; empty if it is not pinyin.

    A last syllable that is only begun ("yus" of "yusuan") counts, for it is read as typed.
    """
    if not (word.isascii() and word.isalpha()) or len(word) > 40:
        return ()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - MAX_SYLLABLE), end):
            head = best[start]
            if head is None or word[start:end] not in _known_syllables():
                continue
            if best[end] is None or len(head) + 1 < len(best[end] or ()):
                best[end] = (*head, word[start:end])
    return best[len(word)] or _allow_unfinished(word, best)


def _allow_unfinished(word: str, best: list[tuple[str, ...] | None]) -> tuple[str, ...]:
    for start in range(len(word) - 1, max(0, len(word) - 3), -1):
        head = best[start]
        if head and len(head) + len(word) - start > 2:
            return (*head, word[start:])
    return ()


def to_initials(sounds: list[str]) -> str:
    """Return the first letter of each syllable, which is what people in a hurry type."""
    return "".join(sound[0] for sound in sounds if sound)
