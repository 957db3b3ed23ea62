"""What the Slack adapter is started with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SlackSetup:
    """An app's tokens and addresses.

    With `app_token` it receives by Socket Mode, else over HTTP at `host` and `port`, which needs
    the `signing_secret`. `bot_token` serves the one workspace it belongs to; `token_keys` encrypt
    the tokens of workspaces that install the app by themselves.
    """

    base_url: str = "https://slack.com/api/"
    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    host: str = "127.0.0.1"
    port: int = 3000
    token_keys: tuple[str, ...] = ()
    client_id: str = ""
    client_secret: str = ""
    public_url: str = ""
    keeps_rates: bool = True
    ping_seconds: float = 5.0

    def __repr__(self) -> str:
        """Without any secret."""
        return "SlackSetup()"
