"""Scrapy's settings: each with the reason for its value. Portals may ask for more patience, never for less."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Any

BOT_NAME = "nianbao"
SPIDER_MODULES = ["spiders.column"]

_CONTACT = os.environ.get("NIANBAO_CONTACT", "https://github.com/nianbao/nianbao; set NIANBAO_CONTACT")
USER_AGENT = f"nianbao/{version('nianbao')} (+{_CONTACT})"  # say who we are and how to reach us

SCHEDULER = "crawler.scheduler.FrontierScheduler"  # Scrapy's own job directory loses most of a crawl at a SIGKILL
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the frontier's unique key is the filter, and takes no memory

CONCURRENT_REQUESTS = 500            # over all hosts, most of them waiting for their turn: a slow one delays no other
CONCURRENT_REQUESTS_PER_DOMAIN = 1   # a guest takes one chair
NIANBAO_DELAY = 2.0                  # seconds between requests to a host; robots' Crawl-delay or the portal may raise it;
                                     # not kept on the operator's own machines (--allow-private)
NIANBAO_RETRY_PAUSE = 2.0            # seconds before the second try of what may pass, twice that before the third
NIANBAO_BROWSER = True               # for pages that only scripts draw, and for doors that open by themselves
NIANBAO_BROWSER_PATIENCE = 45.0      # seconds to wait at such a door; the slowest open after half a minute
NIANBAO_MOMENT = 1.0                 # seconds the crawl stands still to walk one page; honest ones take a fiftieth of it
NIANBAO_WALK_SECONDS = 60.0          # for a page walked in a process of its own; 20,000 links take a tenth of it
NIANBAO_BREAK_AFTER = 6              # failures in a row, after which a host is left alone for this run
DOWNLOAD_DELAY = 0                   # crawler.downloader.manners keeps the distance, so that it can grow with the host
DOWNLOAD_TIMEOUT = 40                # county servers are slow, hanging ones must not hold a chair for minutes
DOWNLOAD_MAXSIZE = 200 << 20         # the largest attachment worth having; more is a mistake or a trap
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "crawler.downloader.transport.Transport")  # unpacks and checks
DOWNLOAD_VERIFY_CERTIFICATES = True  # a report from somebody else's server is not that agency's report
DOWNLOAD_FAIL_ON_DATALOSS = True     # a file cut short is an error, never a document
CONCURRENT_ITEMS = 1                 # the default of 100 only burns time on parallel item handling
REACTOR_THREADPOOL_MAXSIZE = 20      # DNS look-ups block threads
TWISTED_DNS_RESOLVER = "crawler.downloader.private.GuardedResolver"  # refuses private addresses where names become addresses

ROBOTSTXT_OBEY = False               # crawler.downloader.robots does it, and tells refusal from absence
COOKIES_ENABLED = True               # some firewalls only want their own cookie back
RETRY_ENABLED = False                # crawler.downloader.manners retries, with Retry-After and per host
REDIRECT_ENABLED = True
METAREFRESH_ENABLED = False          # on these sites a meta refresh is the end of a list, the platform decides
HTTPERROR_ENABLED = False            # every status is an observation
REFERER_ENABLED = False              # set from the page on which the link stood
TELNETCONSOLE_ENABLED = False
MEMUSAGE_ENABLED = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # it parses the callback's source anew for every response
LOG_LEVEL = "WARNING"                # one line per page costs more than the page
LOGSTATS_INTERVAL = 0

DOWNLOADER_MIDDLEWARES_BASE = {      # only what has a purpose here, nearest the engine first
    "crawler.downloader.private.PrivateAddresses": 50,
    "crawler.downloader.robots.Robots": 100,
    "crawler.downloader.fronts.Fronts": 150,
    "crawler.downloader.manners.Manners": 550,
    "crawler.downloader.browsing.Browsing": 560,
    "crawler.downloader.redirects.Redirects": 600,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 650,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 660,
    "crawler.downloader.cookies.Cookies": 700,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 850,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE: dict[str, int] = {}
ITEM_PIPELINES = {"crawler.pipeline.ToWriter": 100}
REQUEST_FINGERPRINTER_CLASS = "scrapy.utils.request.RequestFingerprinter"
DEFAULT_REQUEST_HEADERS: dict[str, Any] = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
