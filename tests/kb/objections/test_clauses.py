"""A pasted mail is cut into the few clauses that may hold an objection."""

from hypothesis import given
from hypothesis import strategies as st

from kb.objections.clauses import MAX_CLAUSE, MAX_CLAUSES, is_long, split_clauses


def test_greeting_courtesy_and_signature_are_left_out() -> None:
    mail = "Dear Ms Wolf, thanks for the call. We cannot pay that much this year. Kind regards, Jo"
    assert split_clauses(mail) == ["We cannot pay that much this year"]


def test_chinese_greeting_and_thanks_are_left_out() -> None:
    assert split_clauses("李经理您好，我们今年没有这笔钱，等到明年我们再谈。谢谢") == [
        "我们今年没有这笔钱",
        "等到明年我们再谈",
    ]


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    text = (
        "We looked at the offer for quite a while, the price is above what we planned, "
        "and the team is not happy about yet another system"
    )
    assert len(split_clauses(text)) == 3


def test_of_many_clauses_those_with_a_cue_are_kept_in_order() -> None:
    chat = "The sun shone on the hills. " * 12
    found = split_clauses(f"{chat}We don't have the money for this. {chat}But it is too slow.")
    assert len(found) == MAX_CLAUSES
    assert [text.strip() for text in found if "sun" not in text] == [
        "We don't have the money for this",
        "But it is too slow",
    ]


def test_what_is_typed_on_a_phone_is_not_long() -> None:
    assert not is_long("their price is a bit too high for us")
    assert not is_long("领导说今年预算不够")


@given(st.text(max_size=2000))
def test_clauses_are_few_and_short_and_never_none(text: str) -> None:
    found = split_clauses(text)
    assert 1 <= len(found) <= MAX_CLAUSES
    assert all(len(clause) <= MAX_CLAUSE for clause in found)
