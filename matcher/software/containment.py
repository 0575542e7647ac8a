"""How much of a work's files a package holds, and how much of the package they are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.software.folders import absent_weight
from matcher.software.payload import SoftwarePrint
from matcher.software.tlsh import nearest

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Overlap:
    """A work's members found again. Weights are those of `boilerplate.weights`."""

    partner: NDArray[np.int64]
    """For each member of the work the row of the package's member that is or resembles it; -1 when there is none."""
    near: NDArray[np.bool_]
    """Which of these only resemble each other."""


def overlap(work: SoftwarePrint, package: SoftwarePrint, near_distance: int) -> Overlap:
    """The members of `work` that `package` holds: same bytes first, then same lines, then near by TLSH, one to one."""
    partner = np.full(len(work), -1, np.int64)
    taken = np.zeros(len(package), bool)
    for field in ("exact", "text"):
        rows = {int(key): row for row, key in enumerate(package.rows[field]) if not taken[row]}
        for i in np.nonzero(partner < 0)[0]:
            row = rows.get(int(work.rows[field][i]), -1)
            if row >= 0 and not taken[row]:
                partner[i], taken[row] = row, True
    near = np.zeros(len(work), bool)
    wanted = np.nonzero((partner < 0) & (work.rows["has_near"] == 1) & (work.rows["weight"] > 0))[0]
    offered = np.nonzero(~taken & (package.rows["has_near"] == 1))[0]
    found, apart = nearest(work.rows["near"][wanted], package.rows["near"][offered], near_distance)
    for n in np.argsort(apart, kind="stable"):
        if found[n] >= 0 and not taken[offered[found[n]]]:
            row = offered[found[n]]
            partner[wanted[n]], near[wanted[n]], taken[row] = row, True, True
    return Overlap(partner=partner, near=near)


@dataclass(frozen=True, slots=True)
class Shares:
    """What an overlap amounts to. Own members are those that no other owner's work holds."""

    own: float
    """Weight of the work's own members."""
    own_found: float
    all: float
    """Weight of all members of the work but boilerplate, other owners' included."""
    all_found: float
    absent: float
    """Weight of the own members in folders of which nothing was found."""
    rest: float
    """Weight of the package's members that are neither the work's nor shared between owners."""
    own_files: int
    found_files: int
    exact_files: int
    """How many of the found ones are the same, byte for byte or line for line."""

    @property
    def share(self) -> float:
        """Share of the work's own members that is found (0 to 1)."""
        return self.own_found / self.own if self.own else 0.0

    @property
    def query_share(self) -> float:
        """Share of the package that these make up (0 to 1)."""
        return self.own_found / (self.own_found + self.rest) if self.own_found else 0.0

    @property
    def all_share(self) -> float:
        """The share of all members found, shared ones included (0 to 1)."""
        return self.all_found / self.all if self.all else 0.0


def shares(work: SoftwarePrint, own: Weights, package: SoftwarePrint, rest: Weights, found: Overlap) -> Shares:
    """The shares of an overlap; `own` are the work's weights without, `rest` the package's without shared members."""
    is_found = found.partner >= 0
    weights = work.rows["weight"].astype(np.float64)
    unmatched = np.ones(len(package), bool)
    unmatched[found.partner[is_found]] = False
    return Shares(
        own=float(own.sum()),
        own_found=float(own[is_found].sum()),
        all=float(weights.sum()),
        all_found=float(weights[is_found].sum()),
        absent=absent_weight(work.paths, own, is_found),
        rest=float(rest[unmatched].sum()),
        own_files=int(np.count_nonzero(own)),
        found_files=int(np.count_nonzero(own[is_found])),
        exact_files=int(np.count_nonzero(own[is_found & ~found.near])),
    )
