"""Where pages are found beside links: feeds, interfaces of film sites, lists of sources, searches. Pure functions."""
