"""Every text of the console that is to be translated, gathered from its sources."""

from pathlib import Path

from babel.messages.extract import extract_from_dir

import console

ROOT = Path(console.__file__).parent
METHODS = [("*.py", "python"), ("templates/*.html", "jinja2")]
OPTIONS = {"templates/*.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}

Message = str | tuple[str, ...]


def extracted() -> set[Message]:
    """Message ids; a tuple of singular and plural where there are both."""
    found = extract_from_dir(ROOT, METHODS, OPTIONS, keywords={"_": None, "ngettext": (1, 2)})
    return {message for _file, _line, message, _comments, _context in found}
