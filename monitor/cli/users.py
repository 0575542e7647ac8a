"""`users`: who may sign in to the console."""

import sys
from getpass import getpass
from typing import Annotated

import typer

from console.languages import LANGUAGES
from domain.errors import UsageError
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say

app = typer.Typer(name="users", help="Who may sign in to the console.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Name of a user.")]


@app.command()
def add(
    context: typer.Context,
    name: Name,
    language: Annotated[str, typer.Option(help=f"{' or '.join(LANGUAGES)}; else as the browser asks.")] = "",
) -> None:
    """Add a user. The password is asked for, or read as one line of standard input."""
    call: Invocation = context.obj
    if language and language not in LANGUAGES:
        raise UsageError(f"The console does not speak {language}.", f"Choose {' or '.join(LANGUAGES)}.")
    user = call.platform.accounts.create(name, _password(), at=call.platform.clock(), language=language)
    say(f"{user.name} may sign in to the console.")


@app.command("list")
def list_users(
    context: typer.Context, json: Annotated[bool, typer.Option("--json", help="Print JSON Lines only.")] = False
) -> None:
    """List users."""
    call: Invocation = context.obj
    everyone = call.platform.accounts.users()
    if json:
        for user in everyone:
            print_json({"name": user.name, "language": user.language, "created_at": user.created_at.isoformat()})
        return
    rows = [(user.name, user.language, user.created_at.isoformat(timespec="seconds")) for user in everyone]
    print_table(f"{len(rows)} users", ("name", "language", "created"), rows)


@app.command()
def password(context: typer.Context, name: Name) -> None:
    """Give a user another password and end all their sessions."""
    call: Invocation = context.obj
    call.platform.accounts.change_password(name, _password())
    say(f"{name} has another password; all their sessions are ended.")


@app.command()
def remove(context: typer.Context, name: Name) -> None:
    """Remove a user and end all their sessions. Their decisions stay, with their name."""
    call: Invocation = context.obj
    call.platform.accounts.remove(name)
    say(f"{name} may no longer sign in.")


def _password() -> str:
    """Never an argument, which other users of the machine could see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("Password: ")
    if getpass("Once more: ") != first:
        raise UsageError("The two are not the same.", "Run the command again.")
    return first
