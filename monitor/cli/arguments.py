"""Where options may stand on the command line."""

GLOBAL_OPTIONS = ("--data", "--settings")


def hoist_global_options(arguments: list[str]) -> list[str]:
    """`arguments` with the global options first, so that they may stand anywhere on the line."""
    before: list[str] = []
    after: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            return [*before, *after, argument, *rest]
        name, equals, _ = argument.partition("=")
        if name not in GLOBAL_OPTIONS:
            after.append(argument)
        elif equals:
            before.append(argument)
        else:
            before.extend([argument, *([value] if (value := next(rest, None)) is not None else [])])
    return [*before, *after]


def command_of(hoisted: list[str]) -> str | None:
    """The command that a line with its global options first names, if it names one."""
    rest = iter(hoisted)
    for argument in rest:
        if argument in GLOBAL_OPTIONS:
            next(rest, None)
        elif not argument.startswith("-"):
            return argument
    return None
