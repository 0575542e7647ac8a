import asyncio
import threading
from collections.abc import Sequence

import pytest

from crawler.writer import GroupWriter


def test_what_comes_while_one_group_is_written_shares_the_next() -> None:
    groups: list[list[int]] = []
    may_go = threading.Event()

    def write(group: Sequence[int]) -> list[int]:
        may_go.wait(10)
        groups.append(list(group))
        return [each * 2 for each in group]

    async def main() -> list[int]:
        writer: GroupWriter[int, int] = GroupWriter(write, most=4)
        first = asyncio.create_task(writer.write(0))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(writer.write(n)) for n in range(1, 7)]
        await asyncio.sleep(0.05)
        may_go.set()
        return await asyncio.gather(first, *others)

    assert asyncio.run(main()) == [0, 2, 4, 6, 8, 10, 12]
    assert groups == [[0], [1, 2, 3, 4], [5, 6]]


def test_one_that_cannot_be_written_keeps_no_other_back() -> None:
    written: list[int] = []

    def write(group: Sequence[int]) -> list[int]:
        if 3 in group:
            raise ValueError("three")
        written.extend(group)
        return list(group)

    async def main() -> list[int | BaseException]:
        writer: GroupWriter[int, int] = GroupWriter(write, most=10)
        return await asyncio.gather(*(writer.write(n) for n in range(5)), return_exceptions=True)

    made = asyncio.run(main())
    assert [each for each in made if isinstance(each, int)] == [0, 1, 2, 4]
    assert isinstance(made[3], ValueError)
    assert sorted(written) == [0, 1, 2, 4]


def test_a_writer_goes_on_after_it_was_idle() -> None:
    async def main() -> list[int]:
        writer: GroupWriter[int, int] = GroupWriter(list, most=2)
        return [await writer.write(n) for n in (1, 2)]

    assert asyncio.run(main()) == [1, 2]


def test_an_error_is_raised_where_it_belongs() -> None:
    def write(group: Sequence[int]) -> list[int]:
        raise OSError(f"disk full at {group}")

    async def main() -> None:
        await GroupWriter(write, most=2).write(7)

    with pytest.raises(OSError, match="disk full at"):
        asyncio.run(main())
