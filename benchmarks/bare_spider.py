"""The least that a spider does: follow every link, keep nothing. `python benchmarks/bare_spider.py URL CONCURRENCY`."""

import sys
from collections.abc import Iterator

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response


class BareSpider(Spider):
    """Scrapy as its documentation shows it."""

    name = "bare"

    def parse(self, response: Response) -> Iterator[Request]:
        yield from response.follow_all(response.css("a"), self.parse)  # type: ignore[attr-defined]  # of HtmlResponse


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": int(sys.argv[2]),
            "CONCURRENT_REQUESTS_PER_DOMAIN": int(sys.argv[2]),
            "DOWNLOAD_DELAY": 0,
            "LOG_LEVEL": "WARNING",
        }
    )
    process.crawl(BareSpider, start_urls=[sys.argv[1]])
    process.start()
