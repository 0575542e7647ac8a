"""What the readers of one form hand on."""

from dataclasses import dataclass

from domain.leads import Disguise, LeadKind

# A link farm must not fill the records.
MOST_LEADS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A link that may lead to a copy, as one page has it."""

    kind: LeadKind
    target: str
    """In one spelling."""
    written: str
    at: int = 0
    """Where it stands in the text it was read from, in characters."""
    end: int = 0
    code: str = ""
    provider: str = ""
    detail: str = ""
    names: tuple[str, ...] = ()
    """What the link itself calls its content."""
    disguise: Disguise = Disguise.NONE
    sample: bool = False
    """Whether it stands where pages show examples; it is a lead only where a title stands near."""
