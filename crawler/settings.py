"""Scrapy's settings. What depends on the crawl is added by `crawler.runner`."""

BOT_NAME = "piracy-monitor"
SPIDER_MODULES = ["crawler.spiders"]

# Both listen on a port and run whatever they are told.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

DOWNLOAD_HANDLERS = {
    "http": "crawler.handler.GuardedHandler",
    "https": "crawler.handler.GuardedHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.GuardMiddleware": 50,
    "crawler.middlewares.RobotsMiddleware": 100,
    # A proxy would resolve names itself, past the guard; bodies are kept as sent and decoded within bounds later;
    # redirects, retries and robots.txt each have a typed outcome here.
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
SCHEDULER = "crawler.scheduler.SiteScheduler"
TWISTED_DNS_RESOLVER = "crawler.resolver.GuardedResolver"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
DNSCACHE_ENABLED = False

# A callback yields one request at most; Scrapy begins this many tasks for each answer, a third of all work by default.
CONCURRENT_ITEMS = 1
DOWNLOAD_WARNSIZE = 0
# A server that announces more than it sends is tried again, then taken at what it sent, as browsers do.
DOWNLOAD_FAIL_ON_DATALOSS = False
LOGSTATS_INTERVAL = 0
LOG_LEVEL = "WARNING"
# The program that runs the crawl decides where messages go.
LOG_INSTALL_ROOT_HANDLER = False
