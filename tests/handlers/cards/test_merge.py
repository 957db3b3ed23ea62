"""Merged cards: what one was found by finds the other, its look-ups lead there, no double stays."""

from __future__ import annotations

from tests.office import Office, action, labels, said


async def added(office: Office, objection: str, **lines: str) -> int:
    values = {"objection": objection, "say": f"About {objection}."} | lines
    await office.fills("Mia", "card-add", values)
    return int(office.one("select max(id) from card"))


def texts(office: Office, card_id: int) -> set[str]:
    return {r[0] for r in office.rows("select text from phrasing where card_id = ?", card_id)}


def key_of(office: Office, card_id: int) -> str:
    return str(office.one("select key from card where id = ?", card_id))


def translate(office: Office, card_id: int, objection: str) -> int:
    """Makes a Chinese card the translation of another."""
    with office.app.database.work() as memory:
        [card] = [each for each in memory.cards.list_all(1) if each.objection == objection]
        card.key = key_of(office, card_id)
        memory.cards.bump_version(card)
        return card.id


async def test_its_wordings_and_what_it_learned_find_the_other_card(office: Office) -> None:
    one = await added(office, "Wrong qwrtz layout", phrasings="no qwrtz; qwrtz missing")
    other = await added(office, "Only azerty for us", phrasings="No qwrtz!")
    reply = await office.says("Bo", "obj this layout lacks qwrtz")
    assert office.one("select top_card_id from look_up") == one
    await office.taps("Bo", action(reply, "It landed"))
    await office.taps("Mia", f"card-merge:{one}:{other}")
    assert texts(office, other) == {"No qwrtz!", "Wrong qwrtz layout", "qwrtz missing"}
    learned = office.rows("select text from learned_phrasing where card_id = ?", other)
    assert learned == [("this layout lacks qwrtz",)]
    for text in ("qwrtz missing", "wrong qwrtz layout", "this layout lacks qwrtz"):
        assert "About Only azerty for us." in said(await office.says("Bo", f"obj {text}"))


async def test_a_look_up_on_somebody_s_screen_leads_on_to_the_other_card(office: Office) -> None:
    one, other = await added(office, "Wrong qwrtz layout"), await added(office, "Only azerty")
    reply = await office.says("Bo", "obj wrong qwrtz layout")
    await office.taps("Bo", action(reply, "It landed"))
    await office.taps("Mia", f"card-merge:{one}:{other}")
    more = said(await office.taps("Bo", "obj-more:1"))
    assert "Only azerty" in more
    assert "Looked up 1 time." in more


async def test_translations_are_merged_along(office: Office) -> None:
    one, other = await added(office, "Wrong layout"), await added(office, "Only qwrtz")
    await added(office, "键盘布局不对")
    await added(office, "只要qwrtz")
    one_zh = translate(office, one, "键盘布局不对")
    other_zh = translate(office, other, "只要qwrtz")
    await office.taps("Mia", f"card-merge:{one}:{other}")
    assert office.one("select merged_into_id from card where id = ?", one_zh) == other_zh
    assert "键盘布局不对" in texts(office, other_zh)


async def test_a_translation_the_other_lacks_becomes_the_other_s(office: Office) -> None:
    one, other = await added(office, "Wrong layout"), await added(office, "Only qwrtz")
    await added(office, "键盘布局不对")
    one_zh = translate(office, one, "键盘布局不对")
    await office.taps("Mia", f"card-merge:{one}:{other}")
    assert key_of(office, one_zh) == key_of(office, other)
    assert office.one("select state from card where id = ?", one_zh) == "approved"


async def test_a_card_merged_by_mistake_is_brought_back_whole(office: Office) -> None:
    one = await added(office, "Wrong layout", phrasings="layout all wrong")
    other = await added(office, "Only qwrtz")
    await office.taps("Mia", f"card-merge:{one}:{other}")
    history = await office.taps("Mia", f"card-history:{one}")
    await office.taps("Mia", action(history, "↺ Bring back 1"))
    assert office.rows("select state, merged_into_id from card where id = ?", one) == [
        ("approved", None)
    ]
    assert texts(office, one) == {"layout all wrong"}
    assert "About Wrong layout." in said(await office.says("Bo", "obj layout all wrong"))


async def test_cards_in_two_languages_or_of_one_idea_are_not_merged(office: Office) -> None:
    one, alone = await added(office, "Wrong layout"), await added(office, "只要qwrtz键盘")
    refused = await office.taps("Mia", f"card-merge:{one}:{alone}")
    assert "different languages" in said(refused)
    zh = translate(office, one, "只要qwrtz键盘")
    assert "the same card" in said(await office.taps("Mia", f"card-merge:{one}:{zh}"))
    assert "the same card" in said(await office.taps("Mia", f"card-merge:{one}:{one}"))
    assert office.one("select count(*) from card where state = 'retired'") == 0


async def test_without_the_other_the_nearest_are_offered(office: Office) -> None:
    await added(office, "Wrong qwrtz layout")
    await added(office, "Only qwrtz layouts for us")
    reply = await office.says("Mia", "card merge wrong qwrtz layout")
    assert labels(reply)[0] == "Only qwrtz layouts for us"
    asked = await office.taps("Mia", action(reply, "Only qwrtz layouts for us"))
    assert labels(asked) == ["Merge", "The other way"]
    turned = await office.taps("Mia", action(asked, "The other way"))
    assert "Merge “Only qwrtz layouts for us” into “Wrong qwrtz layout”?" in said(turned)
