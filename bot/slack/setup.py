"""The setup of the Slack adapter: tokens and addresses."""

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

    @property
    def installs(self) -> bool:
        """Whether workspaces install the app by a link."""
        return bool(self.client_id)

    @property
    def serves_http(self) -> bool:
        """Whether anything is served over HTTP: requests of Slack's, or the way to install."""
        return not self.app_token or self.installs

    def check(self) -> None:
        """Raises ValueError, which names the setting, where something needed is missing."""
        if not self.app_token and not self.signing_secret:
            raise ValueError(
                "Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
            )
        needed = {
            "SLACK_CLIENT_SECRET": self.client_secret,
            "SLACK_PUBLIC_URL": self.public_url,
            "SLACK_TOKEN_KEY": self.token_keys,
        }
        missing = [name for name, value in needed.items() if not value]
        if self.installs and missing:
            raise ValueError(f"to install by a link, Slack also needs {', '.join(missing)}")

    def __repr__(self) -> str:
        """Without any secret."""
        return "SlackSetup()"
