"""Objection cards: what customers say, and how a few mistyped letters find the answer."""
