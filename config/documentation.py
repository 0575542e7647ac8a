"""docs/settings.md, generated from default.toml: `python -m config.documentation` writes it."""

import tomllib
from pathlib import Path
from typing import Any

from config.loading import DEFAULTS, PREFIX

TARGET = Path(__file__).parents[1] / "docs" / "settings.md"
HEAD = """# Settings

Every setting with its default. Write those you want to change into a TOML file of your own and name it with
`--settings FILE` or `PIRACY_MONITOR_SETTINGS`; a variable named as in the last column wins over both.
Unknown keys and wrong values are refused.

This page is generated from `config/default.toml` by `python -m config.documentation`.
"""


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
            lines += [f"\n## {'.'.join(section)}\n", "| key | default | meaning | variable |", "|---|---|---|---|"]
        elif line.startswith("#"):
            comment = f"{'' if fresh else comment + ' '}{line.removeprefix('#').strip()}"
            fresh = False
        elif "=" in line:
            key = line.partition("=")[0].strip()
            variable = PREFIX + "__".join((*section, key)).upper()
            lines.append(f"| `{key}` | `{_default(values, section, key)}` | {comment} | `{variable}` |")
            fresh = True
    return "\n".join(lines) + "\n"


def _default(values: dict[str, Any], section: tuple[str, ...], key: str) -> str:
    for part in section:
        values = values[part]
    value = values[key]
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    TARGET.write_text(settings_markdown(), encoding="utf-8")
