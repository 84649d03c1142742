"""What an address alone tells: article, file, folder; whose site it is on.

The dialects in which sites write article addresses are data (`spiders/data/articles.json`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_DATA: dict[str, Any] = json.loads(files("spiders").joinpath("data/articles.json").read_text("utf-8"))
_DIALECTS = {name: re.compile(pattern) for name, pattern in _DATA["dialects"].items()}
_FILES = frozenset(_DATA["files"])
_DOWNLOADS = re.compile(_DATA["downloads"])
_PAGE = re.compile(r"\.(?:s?html?|jsp|aspx?|php|do|action)$", re.I)
_INDEX = re.compile(r"(?:index|default|list)\w*\.(?:s?html?|jsp|aspx?|php)$", re.I)
# second-level names under which each agency registers its own name
_SHARED = frozenset(["gov.cn", "com.cn", "net.cn", "org.cn", "edu.cn", "ac.cn", "mil.cn"])
_STORAGE = re.compile(r"\.(?:aliyuncs|myhuaweicloud|myqcloud|ctyunapi|ctyunxs|bcebos|ksyuncs)\.(?:com|cn)$")
_NUMERIC = re.compile(r"^[\d.]+$|:")


@lru_cache(8192)
def split(url: str) -> tuple[str, str]:
    """Host (lower case, no port) and path with query of `url`; two empty texts for a broken one."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.path + (f"?{parts.query}" if parts.query else "")
    except ValueError:
        return "", ""


def extension(url: str) -> str:
    """The file extension at the end of the path, lower case, "" when there is none."""
    path = unquote(split(url)[1].partition("?")[0])
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


@lru_cache(8192)
def is_file(url: str) -> bool:
    """Whether the address names a document to download, by extension or by the ways platforms hand out files."""
    if extension(url) in _FILES:
        return True
    path = split(url)[1]
    named = any(value.rpartition(".")[2].lower() in _FILES for _, value in parse_qsl(path.partition("?")[2]))
    return not _PAGE.search(path) and (named or bool(_DOWNLOADS.search(path)))


@lru_cache(8192)
def dialect(url: str) -> str:
    """The name of the article dialect an address is written in, "" when it is written in none."""
    path = split(url)[1]
    return next((name for name, pattern in _DIALECTS.items() if pattern.search(path)), "")


def is_folder(url: str) -> bool:
    """Whether the address is a folder's front page (…/x/, …/x/index.html), as columns are in static sites."""
    path = split(url)[1].partition("?")[0]
    return path.endswith("/") or "." not in path.rpartition("/")[2] or bool(_INDEX.search(path))


def is_front(url: str) -> bool:
    """Whether the address says itself that it is a folder's front page, and not only by having no extension."""
    path = split(url)[1].partition("?")[0]
    return path.endswith("/") or bool(_INDEX.search(path))


def folder(url: str) -> str:
    """Host and path up to the last slash: where a column lives."""
    host, path = split(url)
    return host + path.partition("?")[0].rpartition("/")[0] + "/"


def with_parameters(url: str, **given: object) -> str:
    """`url` with parameters set and every other letter of it kept: repeated and doubly encoded ones are meant so."""
    for name, value in given.items():
        shown = quote(str(value), safe="/,:")
        changed, count = re.subn(rf"(?<=[?&]){name}=[^&#]*", lambda match, text=f"{name}={shown}": text, url)  # type: ignore[misc]
        url = changed if count else f"{url}{'&' if '?' in url else '?'}{name}={shown}"
    return url


def parameters(url: str) -> dict[str, str]:
    """The query parameters of an address, the last of each name."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True, errors="replace"))


def site(host: str) -> str:
    """The name under which a host's owner is registered: zwgk.dx.gov.cn → dx.gov.cn; a bare address is its own site.

    Private addresses are one site: they are fetched only where `--allow-private` says that they are one owner's.
    """
    labels = host.split(".")
    if _NUMERIC.search(host):
        return "private" if _is_private(host) else host
    if len(labels) <= 2:
        return host
    return ".".join(labels[-3:] if ".".join(labels[-2:]) in _SHARED else labels[-2:])


def _is_private(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return False


def is_official(host: str) -> bool:
    """Whether a host belongs to a Chinese government body by its name."""
    return host == "gov.cn" or host.endswith(".gov.cn")


def allowed(url: str, hosts: Collection[str], *, attachment: bool = False) -> bool:
    """Whether a link may be followed from a portal whose own hosts are `hosts`.

    Yes for the sites of these hosts, for official hosts, and for attachments on the storage of the known clouds.
    """
    host = split(url)[0]
    own = {site(each) for each in hosts}
    return bool(host) and (host in hosts or site(host) in own or is_official(host)
                           or (attachment and bool(_STORAGE.search(host))))
