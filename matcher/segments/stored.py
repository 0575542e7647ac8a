"""Values made of arrays, kept in a segment as columns under one name."""

from dataclasses import fields
from typing import Any, Self

from numpy.typing import NDArray

from matcher.segments.columns import Columns


class StoredValue:
    """A dataclass whose fields are all arrays."""

    __slots__ = ()

    @classmethod
    def of(cls, columns: Columns, prefix: str) -> Self:
        """The value that `columns` put under `prefix`."""
        return cls(**{name: columns[f"{prefix}.{name}"] for name in cls._names()})

    def columns(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Its arrays by name, to be stored."""
        return {f"{prefix}.{name}": getattr(self, name) for name in self._names()}

    @classmethod
    def _names(cls) -> list[str]:
        return [field.name for field in fields(cls)]  # type: ignore[arg-type]  # its heirs are dataclasses
