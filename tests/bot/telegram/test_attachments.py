"""A small document is fetched, a large one is not, and a lost one costs no answer."""

from __future__ import annotations

from bot.telegram import attachments
from handlers.contract.request import Attachment
from tests.bot.telegram.serving import Served

CARD = b"BEGIN:VCARD\nFN:Jane Doe\nTEL:+442079460958\nEND:VCARD"


async def sent(served: Served) -> Attachment:
    await served.answered(1)
    attachment = served.skills.asked[0].attachment
    assert attachment is not None
    return attachment


async def test_a_small_document_comes_with_its_content(served: Served) -> None:
    served.api.user(1).sends_document("jane.vcf", CARD, "text/vcard")
    assert await sent(served) == Attachment("jane.vcf", "text/vcard", len(CARD), CARD)


async def test_a_large_document_is_left_where_it_is(served: Served) -> None:
    content = b"x" * (attachments.FETCHED_BYTES + 1)
    served.api.user(1).sends_document("all.bin", content)
    assert (await sent(served)).content is None
    assert served.api.calls["getFile"] == 0


async def test_a_document_that_cannot_be_had_is_answered_without_it(served: Served) -> None:
    served.api.fail_next("getFile", 400)
    served.api.user(1).sends_document("jane.vcf", CARD)
    assert (await sent(served)).content is None


async def test_a_document_is_fetched_again_after_a_bad_moment(served: Served) -> None:
    served.api.fail_next("getFile", 502)
    served.api.user(1).sends_document("jane.vcf", CARD)
    assert (await sent(served)).content == CARD
