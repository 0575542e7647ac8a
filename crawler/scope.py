"""Which addresses belong to a crawl, and to which of its sites."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from crawler.discovery.addresses import first_numbered, next_numbered, search_address
from crawler.discovery.maccms import first_address
from crawler.leads.media import kind_of
from crawler.outcomes import Judgement
from crawler.traps import trap_in
from crawler.urls import canonical, host_of, path_of, resolve, url_key
from domain.campaigns import SiteProfile
from domain.captures import FetchOutcome
from domain.hosts import is_within
from store.frontier import FrontierEntry

PAGE, IMAGE, SEARCH, FILE = "page", "image", "search", "file"
SHOWN = frozenset({IMAGE, FILE})
"""What a page shows or plays, which may lie on other hosts."""
RAISED = -1
"""The priority of pages on which works were found that are closely watched; others have their depth."""


class Scope:
    """The sites of a campaign as one rule over addresses."""

    def __init__(
        self, sites: Sequence[SiteProfile], *, max_url_length: int, today: date, titles: Sequence[str] = ()
    ) -> None:
        self._sites = {site.name: site for site in sites}
        self._allow = {site.name: tuple(re.compile(pattern) for pattern in site.allow) for site in sites}
        self._deny = {site.name: tuple(re.compile(pattern) for pattern in site.deny) for site in sites}
        self._max_url_length = max_url_length
        self._today = today
        self._titles = titles

    def seeds(self) -> list[FrontierEntry]:
        """Where the crawl starts: start pages, what is made for programs, and searches for titles."""
        urls = (canonical(url) for site in self._sites.values() for url in _starts(site))
        found = self.entries(urls, PAGE, found_on="", depth=0, seeds=True)
        return found + [entry for site in self._sites.values() for entry in self.searches(site.searches, site.name)]

    def searches(self, templates: Iterable[str], name: str) -> list[FrontierEntry]:
        """Searches of the site called `name` for the titles, as many as it allows."""
        site = self._sites.get(name)
        if site is None:
            return []
        asked = (search_address(each, title, site.search_charset) for title in self._titles for each in templates)
        urls = [url for address in islice(asked, site.max_searches) if (url := resolve(address, ""))]
        return self.entries(urls, SEARCH, found_on="", depth=0, seeds=True)

    def listed(self, urls: Iterable[str], entry: FrontierEntry) -> list[FrontierEntry]:
        """What a document made for programs lists; the next pages of an interface need no leave of the rules."""
        site = self._sites.get(entry.site)
        own = {path_of(canonical(api)) for api in site.apis} if site else set()
        found = list(urls)
        inner = [url for url in found if path_of(url) in own and host_of(url) == entry.host]
        others = [url for url in found if url not in set(inner)]
        return self.entries(inner, PAGE, found_on=entry.url, depth=entry.depth, seeds=True) + self.entries(
            others, PAGE, found_on=entry.url, depth=entry.depth
        )

    def next_numbered(self, entry: FrontierEntry) -> list[FrontierEntry]:
        """The page after `entry` in a list of numbered pages; nothing when it is in none."""
        site = self._sites.get(entry.site)
        onward = (next_numbered(each, entry.url) for each in (site.numbered if site else ()))
        return self.entries(filter(None, onward), PAGE, found_on=entry.url, depth=entry.depth, seeds=True)

    def results_of(self, entry: FrontierEntry) -> str:
        """The selector of results on the page at `entry`; empty when it answers no search."""
        site = self._sites.get(entry.site)
        return site.results if site and entry.kind == SEARCH else ""

    def raised(self, urls: Iterable[str]) -> list[FrontierEntry]:
        """Frontier entries, before all others, for canonical addresses that are known to matter."""
        return [replace(entry, priority=RAISED) for entry in self.entries(urls, PAGE, found_on="", depth=1)]

    def entries(
        self, urls: Iterable[str], kind: str, *, found_on: str, depth: int, seeds: bool = False
    ) -> list[FrontierEntry]:
        """Frontier entries for those of the canonical `urls` that belong to a site."""
        kinds = ((url, FILE if kind == PAGE and kind_of(url) else kind) for url in urls)
        taken = (
            (url, each, self.site_of(url, each, seed=seeds)) for url, each in kinds if len(url) <= self._max_url_length
        )
        return [_entry(url, each, site, found_on=found_on, depth=depth) for url, each, site in taken if site]

    def pictures(self, urls: Iterable[str], page: FrontierEntry) -> list[FrontierEntry]:
        """Frontier entries for the pictures that a page shows, on whatever host they are."""
        return self.shown(urls, IMAGE, page)

    def shown(self, urls: Iterable[str], kind: str, page: FrontierEntry) -> list[FrontierEntry]:
        """Frontier entries for what a page shows or plays, on whatever host it is.

        One outside every site is fetched at the cost of the page's host, unless its site's rules deny it.
        """
        site = self.site(page.site)
        found = self.entries(urls := list(urls), kind, found_on=page.url, depth=page.depth)
        if site is not None:
            outside = (url for url in urls if len(url) <= self._max_url_length and self._is_outside(url, site))
            entries = (_entry(url, kind, site, found_on=page.url, depth=page.depth) for url in outside)
            found += [replace(entry, shown_by=page.payer) for entry in entries]
        return found

    def onward(self, url: str, entry: FrontierEntry) -> list[FrontierEntry]:
        """What a redirect of `entry` to `url` leads to: one frontier entry, or none when that is out of bounds."""
        if entry.kind in SHOWN:
            return [replace(found, found_on=entry.found_on) for found in self.shown([url], entry.kind, entry)]
        return self.entries([url], entry.kind, found_on=entry.found_on, depth=entry.depth)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its sites."""
        return tuple(self._sites)

    def site(self, name: str) -> SiteProfile | None:
        """A site by name; None when the campaign no longer has it."""
        return self._sites.get(name)

    def site_of(self, url: str, kind: str, *, seed: bool = False) -> SiteProfile | None:
        """The site that an address belongs to. `allow` bounds pages only; a start page needs neither rule."""
        host = host_of(url)
        for site in self._sites.values():
            if is_within(host, site.hosts):
                denied = any(rule.search(url) for rule in self._deny[site.name])
                allowed = kind in SHOWN or not site.allow or any(rule.search(url) for rule in self._allow[site.name])
                if seed or (allowed and not denied):
                    return site
        return None

    def _is_outside(self, url: str, page_site: SiteProfile) -> bool:
        host = host_of(url)
        belongs = any(is_within(host, site.hosts) for site in self._sites.values())
        return not belongs and not any(rule.search(url) for rule in self._deny[page_site.name])

    def objection(self, entry: FrontierEntry, tried_on_host: int) -> Judgement | None:
        """Why an address is not fetched at all; None when it may be."""
        site = self.site(entry.site)
        if site is None:
            return Judgement(outcome=FetchOutcome.REFUSED, reason=f"the campaign no longer holds site {entry.site}")
        if entry.depth > site.max_depth:
            return Judgement(outcome=FetchOutcome.TRAP, reason=f"more than {site.max_depth} links from a start page")
        if tried_on_host >= site.max_pages:
            return Judgement(outcome=FetchOutcome.TRAP, reason=f"the budget of {site.max_pages} fetches is spent")
        if entry.depth and (reason := trap_in(entry.url, self._today)):
            return Judgement(outcome=FetchOutcome.TRAP, reason=reason)
        return None


def _starts(site: SiteProfile) -> Iterator[str]:
    yield from (*site.start_urls, *site.sitemaps, *site.feeds, *site.lists, *site.opensearch)
    yield from (first_address(api, site.api_hours) for api in site.apis)
    yield from map(first_numbered, site.numbered)


def _entry(url: str, kind: str, site: SiteProfile, *, found_on: str, depth: int) -> FrontierEntry:
    return FrontierEntry(
        url_key=url_key(url),
        url=url,
        kind=kind,
        host=host_of(url),
        site=site.name,
        found_on=found_on,
        depth=depth,
        priority=depth,
    )
