"""Cookies as Scrapy keeps them, without its look-up of the public suffix list on the internet."""

from __future__ import annotations

from scrapy.downloadermiddlewares import cookies
from tldextract import TLDExtract

# Scrapy's own extractor downloads the list on first use, from a host nobody asked us to visit; the bundled one will do
cookies._split_domain = TLDExtract(include_psl_private_domains=True, suffix_list_urls=())


class Cookies(cookies.CookiesMiddleware):
    """A jar for the run: some firewalls only want to see their own cookie again."""
