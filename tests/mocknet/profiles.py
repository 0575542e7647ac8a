"""The network's catalogue, site profiles, campaign and truth as files."""

from pathlib import Path

from tests.mocknet.description import SiteDescription
from tests.mocknet.works import write_catalogue
from tests.mocknet.world import Network

CAMPAIGN = "network"
MAX_PAGES = 400
"""Budget of fetches per host: what the traps may cost. The largest host of media has half as many files."""


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
    has_sitemap = (site.host, "/sitemap.xml") in network.pages
    lines = [
        f'name = "{site.host}"',
        f'hosts = ["{site.host}.localhost", "{site.operator.cdn}.localhost"]',
        f'start_urls = ["{network.url(site.host)}"]',
        f'sitemaps = ["{network.url(site.host, "/sitemap.xml")}"]' if has_sitemap else "sitemaps = []",
        "delay_seconds = 0",
        "concurrency = 4",
        f"max_pages = {MAX_PAGES}",
        'results = ".result"',
    ]
    for key, path in (("opensearch", "/opensearch.xml"), ("apis", "/api.php/provide/vod/")):
        if (site.host, path) in network.pages or (key == "apis" and "api_film" in site.ways):
            lines.append(f'{key} = ["{network.url(site.host, path)}"]')
    return "\n".join(lines) + "\n"
