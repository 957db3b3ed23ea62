"""The starter packs load, and a broken pack is refused with its reason."""

from pathlib import Path

import pytest
import yaml

from kb.objections.packs import BrokenPack, load_pack

GOOD = {
    "key": "dear",
    "category": "price",
    "objection": "That is a fortune",
    "phrasings": ["Far too much"],
    "ask": "Compared with what?",
    "say": "Let us look at what it saves.",
    "proof": "",
}


def write(folder: Path, rows: object, name: str = "test_en") -> str:
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(rows, allow_unicode=True), encoding="utf-8")
    return name


def test_a_pack_becomes_cards(tmp_path: Path) -> None:
    more = {"stages": ["lead"], "angles": ["Let us count."], "industries": ["retail"]}
    [card] = load_pack(write(tmp_path, [{**GOOD, **more}]), tmp_path)
    assert (card.id, card.key, card.language) == ("en:dear", "dear", "en")
    assert card.wordings == ("That is a fortune", "Far too much")
    assert card.stages == ("lead",)
    assert (card.angles, card.industries) == (("Let us count.",), ("retail",))


def test_a_pack_may_be_a_folder_of_files_read_by_their_names(tmp_path: Path) -> None:
    folder = tmp_path / "test_en"
    folder.mkdir()
    write(folder, [{**GOOD, "key": "second"}], "02_more")
    write(folder, [{**GOOD, "key": "first"}], "01_price")
    assert [card.key for card in load_pack("test_en", tmp_path)] == ["first", "second"]
    write(folder, [{**GOOD, "key": "first"}], "03_again")
    with pytest.raises(BrokenPack, match="key used twice: first"):
        load_pack("test_en", tmp_path)


def test_a_pack_nobody_knows_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_pack("other_en", tmp_path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"ask": ""}, "ask is empty"),
        ({"say": "x" * 321}, "say has 321 characters, 320 allowed"),
        ({"ask": "x" * 201}, "ask has 201"),
        ({"proof": "x" * 241}, "proof has 241"),
        ({"objection": None}, "objection is not a text"),
        ({"phrasings": "one"}, "phrasings is a list"),
        ({"phrasings": [" "]}, "phrasings is a list"),
        ({"phrasings": ["x" * 121]}, "phrasings holds one over 120"),
        ({"angles": ["x"] * 4}, "angles holds 4 lines, 3 allowed"),
        ({"angles": ["x" * 321]}, "angles holds one over 320"),
        ({"industries": ["x" * 41]}, "industries holds one over 40"),
        ({"sya": "typo"}, "unknown field sya"),
    ],
)
def test_a_broken_card_is_refused_by_field(
    tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    name = write(tmp_path, [GOOD, {**GOOD, "key": "other", **change}])
    with pytest.raises(BrokenPack, match=f"card 2: {complaint}"):
        load_pack(name, tmp_path)


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ({"key": "x"}, "a pack is a list"),
        (["text"], "a card is a map"),
        ([GOOD, GOOD], "key used twice: dear"),
    ],
)
def test_a_broken_pack_is_refused(tmp_path: Path, rows: object, complaint: str) -> None:
    with pytest.raises(BrokenPack, match=complaint):
        load_pack(write(tmp_path, rows), tmp_path)


def test_a_pack_says_its_language_in_its_name(tmp_path: Path) -> None:
    with pytest.raises(BrokenPack, match="ends in _en or _zh"):
        load_pack(write(tmp_path, [GOOD], "test"), tmp_path)
