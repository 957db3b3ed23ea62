from __future__ import annotations

import pytest

from handlers.deals.find_person import split_person

PEOPLE = [(1, "王芳"), (2, "何涛"), (3, "Jane Doe"), (4, "马总"), (5, "Will Smith")]


@pytest.mark.parametrize(
    ("line", "deal"),
    [
        ("给何涛打电话", 2),
        ("王总要合同", 1),
        ("給王芳回電話", 1),
        ("马总说可以", 4),
        ("call jane doe", 3),
        ("call jane back", 3),
        ("Jane打来电话", 3),
        ("meet Will Smith", 5),
    ],
)
def test_a_person_names_the_deal(line: str, deal: int) -> None:
    found = split_person(line, PEOPLE)
    assert found is not None
    assert found.match.sure
    assert (found.match.best[0].id, found.rest) == (deal, line)


@pytest.mark.parametrize("line", ["太贵了", "will call later", "janet called", "何总是改需求", ""])
def test_other_words_name_nobody(line: str) -> None:
    assert split_person(line, PEOPLE) is None


def test_a_name_in_full_goes_before_a_surname_with_a_title() -> None:
    found = split_person("何涛和王总", PEOPLE)
    assert found is not None
    assert [match.id for match in found.match.best] == [2]


def test_two_people_of_one_surname_are_unsure() -> None:
    found = split_person("王总要合同", [(1, "王芳"), (2, "王强")])
    assert found is not None
    assert found.match.ambiguous
    assert not found.match.sure
