"""What every command starts from: the data folder, the settings, and the platform made of them."""

import os
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

    @cached_property
    def settings(self) -> Settings:
        return load_settings(self.settings_file, os.environ)

    @cached_property
    def platform(self) -> Platform:
        return Platform(self.data, self.settings)
