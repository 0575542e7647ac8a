"""Why something was matched, refused or left unjudged: a code with values, spoken in Chinese or English.

Every sentence of the matcher and of the alerts comes from here, so that both languages always say the same.
"""

from dataclasses import dataclass
from datetime import date

from domain.reasons.codes import ReasonCode
from domain.reasons.sentences import SENTENCES

__all__ = ["FAILURES", "SENTENCES", "Reason", "ReasonCode", "Value"]

AFTERWARDS = (
    "（页面抓取于{captured_on}，作品登记后补比。）",
    " The page was captured on {captured_on}, and compared once the work was registered.",
)

FAILURES = frozenset(
    {ReasonCode.UNREADABLE, ReasonCode.READING_LATE, ReasonCode.READING_TOO_LARGE, ReasonCode.READING_CRASHED}
)
"""The reasons that say that something went wrong, rather than that there is too little to judge."""

Value = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason code and the values its sentence speaks of."""

    code: ReasonCode
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, code: ReasonCode, **values: Value) -> "Reason":
        """A reason with its values by name."""
        return cls(code=code, values=tuple(sorted(values.items())))

    def afterwards(self, captured_on: date) -> "Reason":
        """The same reason for what was captured on a day and compared later."""
        return Reason.of(self.code, **dict(self.values) | {"captured_on": captured_on.isoformat()})

    def sentence(self, language: str) -> str:
        """The reason in Chinese (`zh…`) or English (anything else)."""
        values, spoken = dict(self.values), 0 if language.startswith("zh") else 1
        sentence = SENTENCES[self.code][spoken].format(**values)
        return sentence + AFTERWARDS[spoken].format(**values) if "captured_on" in values else sentence
