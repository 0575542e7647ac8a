"""Records, search and the crawl frontier."""
