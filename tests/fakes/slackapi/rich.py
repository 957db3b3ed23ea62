"""The rich_text block: sections, lists, quotes and code made of text, links and mentions.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block/
"""

from __future__ import annotations

from tests.fakes.slackapi.elements import ID
from tests.fakes.slackapi.schema import (
    Check,
    anything,
    fields,
    flag,
    listed,
    one_of,
    string,
    typed,
    url,
    whole,
)

_STYLE = fields({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))
_MENTION_STYLE = fields(
    {},
    dict.fromkeys(("bold", "italic", "strike", "highlight", "client_highlight", "unlink"), flag),
)


def _part(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return fields(required, {"style": _STYLE} | (optional or {}))


_PARTS = typed(
    {
        "text": _part({"text": string(40_000)}),
        "link": _part({"url": url(3000)}, {"text": string(40_000, 0), "unsafe": flag}),
        "emoji": _part({"name": string(100)}, {"unicode": string(200), "skin_tone": whole(1, 6)}),
        "user": fields({"user_id": string(20)}, {"style": _MENTION_STYLE}),
        "usergroup": fields({"usergroup_id": string(20)}, {"style": _MENTION_STYLE}),
        "channel": fields({"channel_id": string(20)}, {"style": _MENTION_STYLE}),
        "broadcast": fields({"range": one_of("here", "channel", "everyone")}, {"style": _STYLE}),
        "date": fields(
            {"timestamp": whole(0, 10**11), "format": string(255)},
            {"url": url(3000), "fallback": string(255), "style": _STYLE},
        ),
        "color": fields({"value": string(20)}, {"style": _STYLE}),
    }
)
_MANY = 10_000
_SECTION = fields({"elements": listed(_PARTS, _MANY, 0)})
_BORDER = {"border": whole(0, 1)}
RICH_TEXT = fields(
    {
        "elements": listed(
            typed(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": fields(
                        {
                            "style": one_of("bullet", "ordered"),
                            "elements": listed(typed({"rich_text_section": _SECTION}), _MANY),
                        },
                        {"indent": whole(0, 8), "offset": whole(0, 10**6)} | _BORDER,
                    ),
                    "rich_text_quote": fields({"elements": listed(_PARTS, _MANY, 0)}, _BORDER),
                    "rich_text_preformatted": fields(
                        {"elements": listed(_PARTS, _MANY, 0)},
                        _BORDER | {"language": anything},
                    ),
                }
            ),
            _MANY,
        )
    },
    {"block_id": ID},
)
