"""The settings of a process, read from the environment and `.env` when asked for."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings by environment variable of the same name; all may be left out."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore")

    database_url: str = Field(default="sqlite:///repmate.db", description="Where memory is kept")
    telegram_token: SecretStr | None = Field(default=None, description="From @BotFather")
    telegram_base_url: str = Field(default="https://api.telegram.org/bot")
    telegram_base_file_url: str = Field(default="https://api.telegram.org/file/bot")
    telegram_messages_a_second: float = Field(default=30.0, description="0 for no limit of ours")
    log_level: str = Field(default="INFO")
    semantic_model: str = Field(
        default="", description="bundled, or a directory with model.onnx and tokenizer.json"
    )
    semantic_prefix: str = Field(default="", description="What the model wants before each text")
