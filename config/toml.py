"""TOML files, within bounds and with errors that say how to mend them."""

import tomllib
from pathlib import Path
from typing import Any

from domain.errors import SettingsError

LARGEST_FILE = 1 << 20


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file. Raises `SettingsError` when it is not one."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise SettingsError(f"{path} is larger than {LARGEST_FILE} bytes.", "Name a file of settings.")
        return tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.", "Name a file that can.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}.", "Mend that line.") from error
    except RecursionError as error:
        raise SettingsError(
            f"{path} is nested too deeply.", "Write lists and tables as in docs/settings.md."
        ) from error
