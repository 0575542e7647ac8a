"""docs/settings.md, generated from default.toml: `python -m config.documentation` writes it."""

import tomllib
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from config.loading import DEFAULTS, PREFIX
from config.settings import Settings

TARGET = Path(__file__).parents[1] / "docs" / "settings.md"
HEAD = """# Settings

Every setting with its default. Write those you want to change into a TOML file of your own and name it with
`--settings FILE` or `PIRACY_MONITOR_SETTINGS`; a variable named as in the last column wins over both.
Unknown keys and wrong values are refused.

This page is generated from `config/default.toml` by `python -m config.documentation`.
"""

NAMES = {str: "text", int: "whole number", float: "number", bool: "true or false", list[str]: "list of texts"}
BOUNDS = {"gt": "above {:g}", "ge": "from {:g}", "le": "to {:g}", "min_length": "not empty"}


def settings_markdown() -> str:
    """The page: one table a section."""
    text = DEFAULTS.read_text(encoding="utf-8")
    values = tomllib.loads(text)
    lines = [HEAD]
    section: tuple[str, ...] = ()
    comment = ""
    fresh = True
    for line in text.splitlines():
        if line.startswith("["):
            comment, fresh = "", True
            section = tuple(line.strip("[]").split("."))
            lines += [
                f"\n## {'.'.join(section)}\n",
                "| key | default | takes | meaning | variable |",
                "|---|---|---|---|---|",
            ]
        elif line.startswith("#"):
            comment = f"{'' if fresh else comment + ' '}{line.removeprefix('#').strip()}"
            fresh = False
        elif "=" in line:
            key = line.partition("=")[0].strip()
            variable = PREFIX + "__".join((*section, key)).upper()
            default, takes = _default(values, section, key), _takes(section, key)
            lines.append(f"| `{key}` | `{default}` | {takes} | {comment} | `{variable}` |")
            fresh = True
    return "\n".join(lines) + "\n"


def _default(values: dict[str, Any], section: tuple[str, ...], key: str) -> str:
    for part in section:
        values = values[part]
    value = values[key]
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _takes(section: tuple[str, ...], key: str) -> str:
    """The type of a setting and its bounds, as `settings.py` states them."""
    model: Any = Settings
    for part in section:
        model = model.model_fields[part].annotation
    field = model.model_fields[key]
    if get_origin(field.annotation) is Literal:
        return " or ".join(f'`"{choice}"`' for choice in get_args(field.annotation))
    bounds = [
        words.format(getattr(bound, name))
        for bound in field.metadata
        for name, words in BOUNDS.items()
        if hasattr(bound, name)
    ]
    return ", ".join([NAMES[field.annotation], *bounds])


if __name__ == "__main__":
    TARGET.write_text(settings_markdown(), encoding="utf-8")
