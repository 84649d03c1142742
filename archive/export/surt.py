"""Addresses as keys of a web archive's index: what replayers look up, so that one page is found under all its spellings.

The sort-friendly URI with the canonical forms that the Wayback Machine and pywb use: host turned round without its www, no
default port, user or fragment, lower case, escapes made alike, dots and double slashes resolved, no slash at the end, session
ids left out, query arguments in order.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_ADDRESS = re.compile(r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?:[^/?#@]*@)?(?P<host>\[[^\]/?#]*\]|[^/?#:]*)(?::(?P<port>\d*))?"
                      r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?", re.S)
_PORTS = {"http": "80", "https": "443"}
_WWW = re.compile(r"www\d*\.")
_IN_PATH = re.compile(r"(?<=/)\((?:(?:[a-z]\([0-9a-z]{24}\))+|[0-9a-z]{24})\)/(?=[^?]+\.aspx)")
_IN_QUERY = re.compile(r"(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}"
                       r"|cfid=[^&]+&cftoken=[^&]+)(?:&|$)")


def key(url: str) -> str:
    """`http://www.x.gov.cn/nb/?b=2&a=1` → `cn,gov,x)/nb?a=1&b=2`."""
    found = _ADDRESS.match(url.strip())
    parts = found.groupdict(default="") if found else {"scheme": "", "host": "", "port": "", "path": url, "query": ""}
    port = "" if parts["port"] in ("", _PORTS.get(parts["scheme"].lower())) else f":{parts['port']}"
    query = _query(_alike(parts["query"]))
    return f"{_host(parts['host'])}{port}){_path(_alike(parts['path']))}{'?' if query else ''}{query}"


def _host(name: str) -> str:
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        name = _alike(name)
    name = _WWW.sub("", name.lower(), count=1) if _WWW.match(name.lower()) else name.lower()
    return name.strip("[]") if name.startswith("[") else ",".join(reversed(name.strip(".").split(".")))


def _alike(text: str) -> str:
    """Escapes undone until none is left, then made where a byte needs one; lower case."""
    data = text.encode("utf-8", "surrogatepass")
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return "".join(f"%{byte:02x}" if byte <= 0x20 or byte >= 0x7F or byte in b"#%" else chr(byte) for byte in data).lower()


def _path(path: str) -> str:
    steps: list[str] = []
    for step in path.split("/"):
        if step == ".." and steps:
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return _IN_PATH.sub("", "/" + "/".join(steps))


def _query(query: str) -> str:
    return "&".join(sorted(_IN_QUERY.sub("", query, count=1).split("&")))
