"""A progress bar with rate and time left, where a person is looking."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Task as RichTask
from rich.table import Column
from rich.text import Text

from monitor.cli.output import errors


class RateColumn(ProgressColumn):
    """Items a second."""

    def render(self, task: RichTask) -> Text:
        """The speed so far, or nothing before it is known."""
        return Text(f"{task.finished_speed or task.speed or 0:,.0f}/s")


@contextmanager
def progress_bar(what: str, total: int | None, *, quiet: bool) -> Iterator[Callable[..., None]]:
    """A bar on standard error, and the function that moves it: `step(doing=…)` or `step(done=…, total=…)`.

    Nothing is drawn when `quiet` or when standard error is no terminal.
    """
    if quiet or not errors.is_terminal:
        yield lambda **_: None
        return
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
    )
    # Standard output stays itself: it may go into a file (`output.beside_progress` is for printing meanwhile).
    with Progress(*columns, console=errors, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=total)

        def step(done: int | None = None, total: int | None = None, doing: str = "") -> None:
            if done is None:
                progress.update(task, advance=1, description=doing)
            else:
                progress.update(task, completed=done, total=total)

        yield step
