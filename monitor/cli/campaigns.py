"""`sites add|list` and `campaigns add|list`."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say
from store.profiles import load_campaign, load_site

sites = typer.Typer(name="sites", help="Site profiles: how each site is crawled.", no_args_is_help=True)
campaigns = typer.Typer(name="campaigns", help="Campaigns: what is watched, and on which nights.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON Lines only.")]


@sites.command("add")
def add_site(context: typer.Context, file: Annotated[Path, typer.Argument(help="A site profile (TOML).")]) -> None:
    """Add a site profile, or replace the one of that name."""
    call: Invocation = context.obj
    profile = load_site(file)
    call.platform.campaigns.put_site(profile)
    say(f"Site {profile.name} added.")


@sites.command("list")
def list_sites(context: typer.Context, json: Json = False) -> None:
    """List site profiles."""
    call: Invocation = context.obj
    profiles = call.platform.campaigns.sites()
    if json:
        for site in profiles:
            print_json({"name": site.name, "hosts": list(site.hosts), "start_urls": list(site.start_urls)})
        return
    rows = [(site.name, " ".join(site.hosts), " ".join(site.start_urls)) for site in profiles]
    print_table(f"{len(rows)} sites", ("name", "hosts", "start pages"), rows)


@campaigns.command("add")
def add_campaign(context: typer.Context, file: Annotated[Path, typer.Argument(help="A campaign (TOML).")]) -> None:
    """Add a campaign, or replace the one of that name. Its sites must have been added."""
    call: Invocation = context.obj
    campaign = load_campaign(file)
    for name in campaign.sites:
        call.platform.campaigns.site(name)
    call.platform.campaigns.put_campaign(campaign, call.platform.clock())
    say(f"Campaign {campaign.name} added.")


@campaigns.command("list")
def list_campaigns(context: typer.Context, json: Json = False) -> None:
    """List campaigns."""
    call: Invocation = context.obj
    known = call.platform.campaigns.campaigns()
    if json:
        for campaign in known:
            plan = {"schedule": campaign.schedule, "time_zone": campaign.time_zone}
            print_json({"name": campaign.name, "sites": list(campaign.sites), **plan})
        return
    rows = [(c.name, " ".join(c.sites), c.schedule or "by hand", c.time_zone) for c in known]
    print_table(f"{len(rows)} campaigns", ("name", "sites", "schedule", "time zone"), rows)
