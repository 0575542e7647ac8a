"""`subscriptions add|list|show|mute|unmute|remove`."""

import secrets
from base64 import b64encode
from email.utils import parseaddr
from typing import Annotated, Any

import typer

from alerts.webhook import check_target
from domain.alerts import AlertState
from domain.errors import NotFoundError, UsageError
from domain.ids import SubscriptionId, WorkId
from domain.subscriptions import Channel, Subscription
from domain.works import WorkType
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say
from store.catalogue.cells import CellError
from store.catalogue.licences import licensed_host

app = typer.Typer(name="subscriptions", help="Who is told of findings, and of which.", no_args_is_help=True)

SECRET_BYTES = 32
Json = Annotated[bool, typer.Option("--json", help="Print JSON Lines only.")]


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the subscriber calls it; stands in every message.")],
    email: Annotated[str, typer.Option(help="Send e-mail to this address.")] = "",
    webhook: Annotated[str, typer.Option(help="Post signed JSON to this https:// address.")] = "",
    work: Annotated[list[str] | None, typer.Option(help="Only this work id; may be repeated.")] = None,
    owner: Annotated[list[str] | None, typer.Option(help="Only works of this owner; may be repeated.")] = None,
    site: Annotated[list[str] | None, typer.Option(help="Only this host and those below it; may be repeated.")] = None,
    type_: Annotated[list[WorkType] | None, typer.Option("--type", help="Only this type; may be repeated.")] = None,
    minimum_similarity: Annotated[float, typer.Option(min=0.0, max=1.0, help="Only from this similarity on.")] = 0.0,
    language: Annotated[str, typer.Option(help="zh-CN or en; else the setting general.language.")] = "",
    json: Json = False,
) -> None:
    """Subscribe by e-mail or webhook. A webhook's signing secret is printed once, here."""
    call: Invocation = context.obj
    channel, target = _target(call, email, webhook)
    for work_id in work or ():
        if call.platform.works.get(WorkId(work_id)) is None:
            raise NotFoundError(f"There is no work {work_id}.", "See `piracy-monitor works list`.")
    secret = f"whsec_{b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}" if channel is Channel.WEBHOOK else ""
    subscription = Subscription(
        subscription_id=SubscriptionId(secrets.token_hex(8)),
        name=_one_line(name),
        channel=channel,
        target=target,
        secret=secret,
        language=_language(language or call.settings.general.language),
        work_ids=tuple(WorkId(work_id) for work_id in work or ()),
        owners=tuple(owner or ()),
        hosts=tuple(_host(host) for host in site or ()),
        types=tuple(type_ or ()),
        minimum_similarity=minimum_similarity,
    )
    call.platform.subscriptions.add(subscription)
    if json:
        print_json({"subscription_id": subscription.subscription_id, "secret": secret})
        return
    say(f"Subscription {subscription.subscription_id} added.")
    if secret:
        say("Signing secret, shown only now (Standard Webhooks):")
        typer.echo(secret)


@app.command("list")
def list_subscriptions(context: typer.Context, json: Json = False) -> None:
    """List subscriptions with how their alerts went."""
    call: Invocation = context.obj
    rows = [_row(call, subscription) for subscription in call.platform.subscriptions.all()]
    if json:
        for row in rows:
            print_json(row)
        return
    columns = ("subscription_id", "name", "channel", "target", "muted", "delivered", "waiting", "given_up")
    print_table(f"{len(rows)} subscriptions", columns, [[row[c] for c in columns] for row in rows])


@app.command()
def show(context: typer.Context, subscription_id: str) -> None:
    """Show one subscription and the receipts of its alerts, newest first, as JSON."""
    call: Invocation = context.obj
    subscription = call.platform.subscriptions.get(SubscriptionId(subscription_id))
    sent = [
        {
            "alert_id": alert.alert_id,
            "sweep_id": alert.occasion,
            "state": alert.state,
            "created_at": alert.created_at.isoformat(),
            "attempts": [{"at": r.at.isoformat(), "delivered": r.delivered, "answer": r.answer} for r in receipts],
        }
        for alert, receipts in call.platform.alerts.receipts(subscription.subscription_id)
    ]
    print_json(_row(call, subscription) | {"alerts": sent})


@app.command()
def mute(context: typer.Context, subscription_id: str) -> None:
    """Stop telling this subscriber. Nothing is forgotten: `unmute` begins again."""
    call: Invocation = context.obj
    call.platform.subscriptions.set_muted(SubscriptionId(subscription_id), muted=True)
    say(f"Subscription {subscription_id} is muted.")


@app.command()
def unmute(context: typer.Context, subscription_id: str) -> None:
    """Tell this subscriber again."""
    call: Invocation = context.obj
    call.platform.subscriptions.set_muted(SubscriptionId(subscription_id), muted=False)
    say(f"Subscription {subscription_id} is active.")


@app.command()
def remove(context: typer.Context, subscription_id: str) -> None:
    """Remove a subscription; the record of what was sent stays."""
    call: Invocation = context.obj
    call.platform.subscriptions.remove(SubscriptionId(subscription_id))
    say(f"Subscription {subscription_id} removed.")


def _target(call: Invocation, email: str, webhook: str) -> tuple[Channel, str]:
    if bool(email) == bool(webhook):
        raise UsageError("A subscription needs one way to be reached.", "Give --email or --webhook.")
    if webhook:
        check_target(webhook, call.settings.alerts)
        return Channel.WEBHOOK, webhook
    local, _, host = email.rpartition("@")
    if not local or not host or parseaddr(email)[1] != email or not email.isprintable() or " " in email:
        raise UsageError(f"{email!r} is no e-mail address.", "Write it as name@host.")
    return Channel.EMAIL, email


def _one_line(name: str) -> str:
    if not name.strip() or not name.isprintable():
        raise UsageError("The name is empty or holds a line break.", "Give one line of text.")
    return name.strip()


def _host(given: str) -> str:
    try:
        return licensed_host(given.strip())
    except CellError as error:
        raise UsageError(f"--site {error.reason}.", "Write the bare host: novels.example.") from error


def _language(given: str) -> str:
    if given not in {"zh-CN", "en"}:
        raise UsageError(f"{given!r} is no language of the messages.", "Choose zh-CN or en.")
    return given


def _row(call: Invocation, subscription: Subscription) -> dict[str, Any]:
    states = [alert.state for alert, _ in call.platform.alerts.receipts(subscription.subscription_id)]
    return {
        "subscription_id": subscription.subscription_id,
        "name": subscription.name,
        "channel": subscription.channel,
        "target": subscription.target,
        "language": subscription.language,
        "works": list(subscription.work_ids),
        "owners": list(subscription.owners),
        "sites": list(subscription.hosts),
        "types": list(subscription.types),
        "minimum_similarity": subscription.minimum_similarity,
        "muted": subscription.muted,
        "delivered": states.count(AlertState.DELIVERED),
        "waiting": states.count(AlertState.WAITING),
        "given_up": states.count(AlertState.GIVEN_UP),
    }
