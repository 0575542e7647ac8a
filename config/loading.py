"""Reads default.toml, then a user's file over it, then environment variables over both."""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.settings import Settings
from domain.errors import SettingsError

DEFAULTS = Path(__file__).with_name("default.toml")
PREFIX = "PIRACY_MONITOR_"
OTHER_VARIABLES = ("DATA", "SETTINGS", "TEST_", "WRITE_")
"""Variables of that prefix that are no settings: where state lies, and what only tests read."""


def load_settings(user_file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. Raises `SettingsError` naming, for each fault, its source, key, reason and mend."""
    merged = read_toml(DEFAULTS)
    sources: dict[tuple[str, ...], str] = {}
    if user_file is not None:
        _lay_over(merged, read_toml(user_file), str(user_file), sources)
    for name, value in sorted((environment or {}).items()):
        if name.startswith(PREFIX) and not name.removeprefix(PREFIX).startswith(OTHER_VARIABLES):
            path = name.removeprefix(PREFIX).lower().split("__")
            _lay_over(merged, _nested(path, _value(value, _at(merged, path))), name, sources)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        faults = [_fault(dict(each), sources, merged) for each in error.errors()]
        raise SettingsError("\n".join(faults), "") from error


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file. Raises `SettingsError` when it is not one."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.", "Name a file that can.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}.", "Mend that line.") from error


def _lay_over(
    below: dict[str, Any],
    above: dict[str, Any],
    source: str,
    sources: dict[tuple[str, ...], str],
    path: tuple[str, ...] = (),
) -> None:
    for key, value in above.items():
        place = (*path, key)
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            _lay_over(below[key], value, source, sources, place)
        else:
            whole = isinstance(value, int) and not isinstance(value, bool)
            below[key] = float(value) if whole and isinstance(below.get(key), float) else value
            sources[place] = source


def _nested(path: list[str], value: Any) -> dict[str, Any]:
    for key in reversed(path):
        value = {key: value}
    return dict(value)


def _at(values: Any, path: list[str]) -> Any:
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _value(text: str, default: Any) -> Any:
    """A variable's text as what TOML would make of it; text as it is where text is wanted."""
    if isinstance(default, str):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _fault(error: dict[str, Any], sources: Mapping[tuple[str, ...], str], merged: dict[str, Any]) -> str:
    path = tuple(str(part) for part in error["loc"] if not isinstance(part, int))
    source = next((name for place, name in sources.items() if place[: len(path)] == path), str(DEFAULTS))
    key = ".".join(path)
    if error["type"] == "extra_forbidden":
        beside = _at(merged, list(path[:-1]))
        close = get_close_matches(path[-1], [k for k in beside if k != path[-1]], n=1)
        mend = f"Did you mean {close[0]}?" if close else "Remove it; every setting is in docs/settings.md."
        return f"{source}: {key} is no setting. {mend}"
    reason = error["msg"].removeprefix("Value error, ")
    return f"{source}: {key}: {reason} (given: {error['input']!r}). See docs/settings.md for what it takes."
