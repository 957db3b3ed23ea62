"""The settings of a process, read from the environment and `.env` when asked for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _check_web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("should begin with https:// or http://")
    return value


Level = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
    BeforeValidator(lambda value: value.strip().upper() if isinstance(value, str) else value),
]
WebAddress = Annotated[str, AfterValidator(_check_web_address)]


class Settings(BaseSettings):
    """Settings by environment variable of the same name; all may be left out."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    database_url: str = Field(default="sqlite:///repmate.db", description="Where memory is kept")
    telegram_token: SecretStr | None = Field(default=None, description="From @BotFather")
    telegram_base_url: WebAddress = Field(default="https://api.telegram.org/bot")
    telegram_base_file_url: WebAddress = Field(default="https://api.telegram.org/file/bot")
    telegram_messages_a_second: float = Field(
        default=30.0, ge=0, allow_inf_nan=False, description="0 for no limit of ours"
    )
    slack_bot_token: SecretStr | None = Field(default=None, description="xoxb-…")
    slack_app_token: SecretStr | None = Field(
        default=None, description="xapp-…: Socket Mode; without it Slack is served over HTTP"
    )
    slack_signing_secret: SecretStr | None = Field(default=None, description="For HTTP")
    slack_host: str = Field(default="127.0.0.1", description="Where HTTP listens")
    slack_port: int = Field(default=3000, ge=0, le=65535)
    slack_public_url: str = Field(default="", description="https://… as people reach it")
    slack_client_id: str = Field(default="", description="For workspaces that install by a link")
    slack_client_secret: SecretStr | None = None
    slack_token_key: SecretStr | None = Field(
        default=None, description="Encrypts their tokens: python -m bot slack key"
    )
    slack_base_url: WebAddress = Field(default="https://slack.com/api/")
    slack_keeps_rates: bool = Field(default=True, description="False for a server without limits")
    log_level: Level = Field(default="INFO")
    semantic_model: str = Field(
        default="", description="bundled, or a directory with model.onnx and tokenizer.json"
    )
    semantic_prefix: str = Field(default="", description="What the model wants before each text")

    @property
    def serves_slack(self) -> bool:
        """Whether there is a Slack app to serve: one workspace's token, or a link to install by."""
        return self.slack_bot_token is not None or bool(self.slack_client_id)

    @property
    def serves(self) -> bool:
        """Whether there is any platform to serve but the terminal."""
        return self.telegram_token is not None or self.serves_slack
