"""Where a lead came from, in a field, at the edge of one, or within a sentence."""

from __future__ import annotations

import pytest

from handlers.reading import read_lead
from handlers.reading.leads.sources import (
    FIELD_ONLY,
    SOURCES,
    find_source_at_edge,
    find_source_within,
    read_source_field,
)
from tests.handlers.reading.leads.lead import read


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Acme, website", "inbound"),
        ("Acme, cold call", "outbound"),
        ("Acme, referral from Bob", "referral"),
        ("Acme, partner", "partner"),
        ("met Jane from Acme at the fair", "event"),
        ("华为 官网", "inbound"),
        ("华为 陌拜", "outbound"),
        ("华为 老客户介绍", "referral"),
        ("展会认识的 华为 王芳", "event"),
        ("华为，来源：渠道", "partner"),
        ("Event Partners Ltd, Jane", ""),
    ],
)
def test_the_source_is_known_by_its_words(line: str, source: str) -> None:
    assert read(line).source == source


def test_a_teams_own_words_for_a_source_count() -> None:
    lead = read_lead("Acme, golf club", "GB", "EUR", {"event": ("golf club",)})
    assert (lead.customer, lead.source, lead.note) == ("Acme", "event", "")


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (source, word)
        for words in (SOURCES, FIELD_ONLY)
        for source, several in words.items()
        for word in several
    ],
)
def test_every_word_names_its_source_as_a_field(source: str, word: str) -> None:
    assert read_source_field(word) == source
    assert read_source_field(word.upper()) == source


@pytest.mark.parametrize(
    ("field", "source"),
    [
        ("via our website", "inbound"),
        ("source: cold call", "outbound"),
        ("通过老客户介绍", "referral"),
        ("展会认识的", "event"),
        ("渠道客户", "partner"),
        ("Acme", ""),
        ("inbound logistics", ""),
        ("", ""),
    ],
)
def test_small_words_around_a_source_are_part_of_it(field: str, source: str) -> None:
    assert read_source_field(field) == source


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("Acme Jane inbound", "inbound"),
        ("referral Acme Jane", "referral"),
        ("Acme expo", "expo"),
        ("华为 王芳 转介绍", "转介绍"),
    ],
)
def test_a_source_stands_at_the_edge_of_names(field: str, words: str) -> None:
    found = find_source_at_edge(field)
    assert found is not None
    assert field[slice(*found[1])] == words


@pytest.mark.parametrize("field", ["Event Partners", "Expo Systems Ltd", "inbound", "Acme", ""])
def test_a_word_that_may_be_a_firms_or_is_all_there_is_stands_at_no_edge(field: str) -> None:
    assert find_source_at_edge(field) is None


@pytest.mark.parametrize(
    ("sentence", "source", "words"),
    [
        ("met her at the fair in May", "event", "at the fair"),
        ("she was referred by Bob", "referral", "referred"),
        ("他是老客户介绍来的", "referral", "老客户介绍来的"),
    ],
)
def test_a_sentence_names_its_source(sentence: str, source: str, words: str) -> None:
    found = find_source_within(sentence)
    assert found is not None
    assert (found[0], sentence[slice(*found[1])]) == (source, words)


def test_a_sentence_with_only_a_doubtful_word_names_none() -> None:
    assert find_source_within("show them the form on the web") is None
