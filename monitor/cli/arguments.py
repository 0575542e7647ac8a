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
