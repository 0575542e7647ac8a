"""Secrets that lie in files, so that no settings file, command line or environment shows them."""

from pathlib import Path

from domain.errors import StoreError


def read_secret(file: str) -> str:
    """What the file holds, without white space around it. Raises `StoreError` when it cannot be read."""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        problem = f"The secret {file} cannot be read ({error})."
        raise StoreError(problem, "Correct its path or its permissions; see docs/settings.md.") from error
