"""Keyboards for tests of the fake."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    """One button a row, each with its label as data."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(one, callback_data=one)] for one in labels])
