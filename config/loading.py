"""Reads default.toml, then a user's file over it, then environment variables over both."""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.settings import Settings
from config.toml import read_toml
from domain.errors import SettingsError

DEFAULTS = Path(__file__).with_name("default.toml")
PREFIX = "PIRACY_MONITOR_"
OTHER_VARIABLES = {"PIRACY_MONITOR_DATA", "PIRACY_MONITOR_SETTINGS"}
OTHER_PREFIXES = ("PIRACY_MONITOR_TEST_", "PIRACY_MONITOR_WRITE_")
"""Variables of that prefix that are no settings: where state lies, and what only tests read."""
Sources = dict[tuple[str, ...], str]
"""Which file or variable gave each setting that is no default."""


def load_settings(user_file: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. Raises `SettingsError` naming, for each fault, its source, key, reason and mend."""
    merged = read_toml(DEFAULTS)
    sources: Sources = {}
    faults: list[str] = []
    if user_file is not None:
        faults += _lay_over(merged, read_toml(user_file), str(user_file), sources)
    for name, text in sorted((environment or {}).items()):
        if _is_setting(name):
            path = name.removeprefix(PREFIX).lower().split("__")
            faults += _lay_over(merged, _nested(path, _value(text, _at(merged, path))), name, sources)
    settings = None
    try:
        settings = Settings.model_validate(merged)
    except ValidationError as error:
        faults += [_fault(dict(each), sources, merged) for each in error.errors()]
    if settings is None or faults:
        raise SettingsError("\n".join(faults), "")
    return settings


def _is_setting(variable: str) -> bool:
    other = variable in OTHER_VARIABLES or variable.startswith(OTHER_PREFIXES)
    return variable.startswith(PREFIX) and not other


def _lay_over(
    below: dict[str, Any], above: dict[str, Any], source: str, sources: Sources, path: tuple[str, ...] = ()
) -> list[str]:
    """Put the values of `above` over those `below`; what stands where a whole section belongs is a fault."""
    faults: list[str] = []
    for key, value in above.items():
        place = (*path, key)
        if not isinstance(below.get(key), dict):
            whole = isinstance(value, int) and not isinstance(value, bool)
            below[key] = float(value) if whole and isinstance(below.get(key), float) else value
            sources[place] = source
        elif isinstance(value, dict):
            faults += _lay_over(below[key], value, source, sources, place)
        else:
            name = ".".join(place)
            faults.append(
                f"{source}: {name} is a section, not a value. Set its keys, such as {name}.{min(below[key])}."
            )
    return faults


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
        parsed = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return parsed["value"] if len(parsed) == 1 else text


def _fault(error: dict[str, Any], sources: Sources, merged: dict[str, Any]) -> str:
    path = tuple(str(part) for part in error["loc"] if not isinstance(part, int))
    key = ".".join(path)
    if error["type"] == "extra_forbidden":
        known = [name for name in _at(merged, list(path[:-1])) if name != path[-1]]
        close = get_close_matches(path[-1], known, n=1)
        mend = f"Did you mean {close[0]}?" if close else "Remove it; every setting is in docs/settings.md."
        return f"{_source(path, sources)}: {key} is no setting. {mend}"
    reason = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":  # a pair that cannot be; blame the keys the sentence names
        blamed = {_source((*path, name), sources) for name in error["input"] if name in reason} - {str(DEFAULTS)}
        return f"{', '.join(sorted(blamed))}: {key}: {reason}. Change one of them."
    return f"{_source(path, sources)}: {key}: {reason} (given: {error['input']!r}). See docs/settings.md."


def _source(path: tuple[str, ...], sources: Sources) -> str:
    return next((name for place, name in sources.items() if place[: len(path)] == path), str(DEFAULTS))
