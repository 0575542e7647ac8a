"""What every command starts from: the data folder, the settings, and the platform made of them."""

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from config.loading import load_settings
from config.settings import Settings
from monitor.wiring import Platform


@dataclass(frozen=True)
class Invocation:
    """One run of the command."""

    data: Path
    settings_file: Path | None

    @property
    def command(self) -> list[str]:
        """The command line for another process on the same data and settings; a command is to be added."""
        # -P: a folder called `config` in the working directory must not stand in for ours.
        command = [sys.executable, "-P", "-m", "monitor.cli", "--data", str(self.data.absolute())]
        return [*command, "--settings", str(self.settings_file.absolute())] if self.settings_file else command

    @cached_property
    def settings(self) -> Settings:
        return load_settings(self.settings_file, os.environ)

    @cached_property
    def platform(self) -> Platform:
        return Platform(self.data, self.settings)
