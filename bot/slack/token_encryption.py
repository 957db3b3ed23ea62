"""Encryption of the workspaces' stored tokens. The key is in the settings only."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class BadKey(ValueError):
    """SLACK_TOKEN_KEY is no key: make one with `python -m bot slack key`."""

    def __str__(self) -> str:
        return self.__doc__ or ""


class TokenCipher:
    """Encrypts with the first key and decrypts with any, so that keys can be changed in turn."""

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys if key.strip()])
        except (ValueError, TypeError):
            raise BadKey from None

    def encrypt(self, token: str) -> str:
        """The token, encrypted."""
        return self._fernet.encrypt(token.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The token; empty where no key fits any more."""
        try:
            return self._fernet.decrypt(encrypted.encode()).decode()
        except InvalidToken:
            return ""


def generate_key() -> str:
    """A new key."""
    return Fernet.generate_key().decode()
