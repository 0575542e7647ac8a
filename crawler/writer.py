"""Hands what several tasks want recorded to one thread, together: while one group is written, the next one gathers."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


class GroupWriter(Generic[Given, Made]):
    """Calls `write` with up to `most` things at once, in the order given. Lives on one event loop.

    When a group fails, each of it is written alone, so that one that cannot be written keeps no other back.
    """

    def __init__(self, write: Callable[[Sequence[Given]], Sequence[Made]], most: int) -> None:
        self._write = write
        self._most = most
        self._waiting: deque[tuple[Given, asyncio.Future[Made]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="records")

    async def write(self, given: Given) -> Made:
        """What `write` made of one thing; raises what it raised for it."""
        made: asyncio.Future[Made] = asyncio.get_running_loop().create_future()
        self._waiting.append((given, made))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await made

    async def _work(self) -> None:
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            if not await self._written(group):
                for each in group:
                    await self._written([each])

    async def _written(self, group: Sequence[tuple[Given, asyncio.Future[Made]]]) -> bool:
        """Write one group; False when it failed and is to be written one by one."""
        loop = asyncio.get_running_loop()
        try:
            made = await loop.run_in_executor(self._thread, self._write, [given for given, _ in group])
        except Exception as error:
            if len(group) > 1:
                return False
            _settle(group[0][1], error)
        else:
            for (_, waiting), one in zip(group, made, strict=True):
                _settle(waiting, one)
        return True


def _settle(waiting: "asyncio.Future[Made]", made: Made | Exception) -> None:
    if waiting.done():  # whoever asked has gone meanwhile
        return
    if isinstance(made, Exception):
        waiting.set_exception(made)
    else:
        waiting.set_result(made)
