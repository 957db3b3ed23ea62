"""Customers and people whose names are searched, and which of them a search means."""

from __future__ import annotations

from handlers.reading import NameIndex, NameMatches

NAMES = (
    "Acme Ltd",
    "Acme Labs",
    "Big Blue Co",
    "Blue Sky Studios",
    "华为",
    "北京字节跳动科技有限公司",
    "John Doe",
    "Müller GmbH",
    "中国移动",
    "台積電",
    "Initech",
    "Hooli",
    "小米科技",
    "Sendgrid",
    "The Body Shop",
    "Johnson & Johnson",
    "3M",
    "王芳",
    "Contoso",
    "O'Neil Ltd",
)
INDEX = NameIndex(list(enumerate(NAMES)))


def find_meant(found: NameMatches) -> str:
    """The name that is surely meant, "?" for none, "several" for several."""
    return "several" if found.ambiguous else found.best[0].name if found.sure else "?"
