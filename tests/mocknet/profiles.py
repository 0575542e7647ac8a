"""The network's catalogue, site profiles, campaign and truth as files."""

import json
from pathlib import Path

from tests.mocknet.description import SiteDescription
from tests.mocknet.works import write_catalogue
from tests.mocknet.world import Network

CAMPAIGN = "network"
MAX_PAGES = 400
"""Budget of fetches per host: what the traps may cost. The largest host of media has half as many files."""

# What each key of a profile names, where a site has it.
KNOWN = {"sitemaps": ("/sitemap.xml",), "feeds": ("/rss.xml", "/atom.xml"), "lists": ("/tv.json", "/book.json")}
SEARCHES = {"site_search": "/search", "engine": "/s"}
"""Ways that answer searches, and where."""


def write_all(network: Network, folder: Path) -> Path:
    """Write `catalogue.csv`, `sites/*.toml`, `campaign.toml` and `truth.json` into `folder`; the campaign's path."""
    write_catalogue(network.described, folder)
    network.truth.write(folder / "truth.json")
    sites = folder / "sites"
    sites.mkdir(parents=True, exist_ok=True)
    for site in network.described.sites:
        (sites / f"{site.host}.toml").write_text(_profile(network, site), encoding="utf-8")
    named = ", ".join(f'"{site.host}"' for site in network.described.sites)
    path = folder / "campaign.toml"
    path.write_text(f'name = "{CAMPAIGN}"\nsites = [{named}]\nallow_loopback = true\n', encoding="utf-8")
    return path


def _profile(network: Network, site: SiteDescription) -> str:
    """What an officer would write of the site after a look at it."""
    lines = [
        f'name = "{site.host}"',
        f'hosts = ["{site.host}.localhost", "{site.operator.cdn}.localhost"]',
        f'start_urls = ["{network.url(site.host)}"]',
        "delay_seconds = 0",
        "concurrency = 4",
        f"max_pages = {MAX_PAGES}",
    ]
    for key, paths in KNOWN.items():
        there = [network.url(site.host, path) for path in paths if (site.host, path) in network.pages]
        lines += [f"{key} = {json.dumps(there)}"] if there else []
    return "\n".join([*lines, *_asked(network, site)]) + "\n"


def _asked(network: Network, site: SiteDescription) -> list[str]:
    """What answers questions: interfaces for collectors, and searches, of which every other is told by OpenSearch."""
    lines = []
    if "api_film" in site.ways:
        lines.append(f'apis = ["{network.url(site.host, "/api.php/provide/vod/")}"]')
    if path := next((path for way, path in SEARCHES.items() if way in site.ways), None):
        described = (site.host, "/opensearch.xml") in network.pages and site.number % 2 == 1
        told = network.url(site.host, "/opensearch.xml" if described else f"{path}?wd={{title}}")
        lines += [f'{"opensearch" if described else "searches"} = ["{told}"]', 'results = ".result a"']
    return lines
