"""`users …` and `subscriptions …`."""

import getpass
import secrets
import sys
from base64 import b64encode
from typing import Annotated

import typer

from domain.errors import UsageError
from domain.ids import SubscriptionId, WorkId
from domain.subscriptions import Channel, Subscription
from domain.works import WorkType
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say

users = typer.Typer(name="users", help="People who may sign in to the console.", no_args_is_help=True)
subscriptions = typer.Typer(name="subscriptions", help="Who is told of findings.", no_args_is_help=True)


@users.command("add")
def add_user(context: typer.Context, name: str) -> None:
    """Add a user. The password is read from the terminal, or from standard input when that is a pipe."""
    call: Invocation = context.obj
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    call.platform.accounts.create(name, password, language=call.settings.general.language, at=call.platform.clock())
    say(f"User {name} may sign in.")


@users.command("list")
def list_users(context: typer.Context) -> None:
    """List users."""
    call: Invocation = context.obj
    rows = [(user.name, user.language) for user in call.platform.accounts.users()]
    print_table(f"{len(rows)} users", ("name", "language"), rows)


@subscriptions.command("add")
def add_subscription(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Whose subscription it is, for people to read.")],
    email: Annotated[str, typer.Option(help="Send e-mail to this address.")] = "",
    webhook: Annotated[str, typer.Option(help="Post signed JSON to this address.")] = "",
    work: Annotated[list[str] | None, typer.Option(help="Only this work (its id); may be repeated.")] = None,
    owner: Annotated[list[str] | None, typer.Option(help="Only this owner's works; may be repeated.")] = None,
    host: Annotated[list[str] | None, typer.Option(help="Only this host and below; may be repeated.")] = None,
    work_type: Annotated[list[WorkType] | None, typer.Option("--type", help="Only this type; may be repeated.")] = None,
    minimum_similarity: Annotated[float, typer.Option(min=0.0, max=1.0)] = 0.0,
    language: Annotated[str, typer.Option(help="zh-CN or en.")] = "",
) -> None:
    """Subscribe somebody to findings, by e-mail or webhook."""
    call: Invocation = context.obj
    if bool(email) == bool(webhook):
        raise UsageError("A subscription goes to one place.", "Give either --email or --webhook.")
    secret = "whsec_" + b64encode(secrets.token_bytes(24)).decode() if webhook else ""
    subscription = Subscription(
        subscription_id=SubscriptionId(secrets.token_hex(8)),
        name=name,
        channel=Channel.EMAIL if email else Channel.WEBHOOK,
        target=email or webhook,
        secret=secret,
        language=language or call.settings.general.language,
        work_ids=tuple(WorkId(w) for w in work or ()),
        owners=tuple(owner or ()),
        hosts=tuple(host or ()),
        types=tuple(work_type or ()),
        minimum_similarity=minimum_similarity,
    )
    call.platform.subscriptions.put(subscription)
    print_json({"subscription_id": subscription.subscription_id, "secret": secret})


@subscriptions.command("list")
def list_subscriptions(context: typer.Context) -> None:
    """List subscriptions."""
    call: Invocation = context.obj
    rows = [(s.subscription_id, s.name, s.channel, s.target, s.muted) for s in call.platform.subscriptions.all()]
    print_table(f"{len(rows)} subscriptions", ("id", "name", "by", "to", "muted"), rows)


@subscriptions.command("remove")
def remove_subscription(context: typer.Context, subscription_id: str) -> None:
    """Remove a subscription."""
    call: Invocation = context.obj
    call.platform.subscriptions.remove(SubscriptionId(subscription_id))
    say(f"Subscription {subscription_id} removed.")
