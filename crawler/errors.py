"""How a fetch can fail before there is an answer. Scrapy hands these to the spider's errback."""

from scrapy.exceptions import IgnoreRequest


class OutOfBoundsError(IgnoreRequest):
    """The guard refused the address, or what its name resolved to."""


class RobotsError(IgnoreRequest):
    """robots.txt asks not to fetch the address."""


class RobotsUnreachableError(IgnoreRequest):
    """robots.txt could not be read; RFC 9309 then forbids everything, for the time being."""


class StoppedError(IgnoreRequest):
    """The crawl is ending; the address goes back to the frontier."""


class RenderingError(Exception):
    """A browser could not draw the page; the message says why."""


class NotWorthwhileError(RenderingError):
    """Pages of its site gained nothing by being drawn, so this one was not."""
