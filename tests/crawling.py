"""Crawls in a process of their own, as `nianbao crawl` runs: Scrapy's reactor runs once per process, and tests kill it."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from archive.store import Archive

ROOT = Path(__file__).parents[1]
LOOPBACK = ("127.0.0.0/8", "::1/128")


def start(folder: Path, urls: Sequence[str], *, allow_private: Sequence[str] = LOOPBACK, limit: int = 0, refresh: bool = False,
          **settings: Any) -> subprocess.Popen[str]:
    """A crawl of columns given by address, in the background; `settings` are Scrapy's, with no delay by default."""
    readers = settings.pop("readers", 1)
    settings = {"NIANBAO_BROWSER": False} | settings          # a test that is about a browser says so
    shard = {"shard": settings.pop("shard", "1/1"), "round": settings.pop("round", "")}
    wanted = shard | {"folder": str(folder), "urls": list(urls), "allow_private": list(allow_private), "limit": limit,
              "readers": readers, "refresh": refresh, "year": settings.pop("year", None), "watch": settings.pop("watch", False),
              "budget": settings.pop("budget", None),
              "settings": {"NIANBAO_DELAY": 0, "NIANBAO_RETRY_PAUSE": 0.05} | settings}
    return subprocess.Popen([sys.executable, "-m", "tests.crawling", json.dumps(wanted)], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def crawl(folder: Path, urls: Sequence[str], **more: Any) -> dict[str, Any]:
    """The outcome of a whole crawl, as plain values."""
    child = start(folder, urls, **more)
    out, err = child.communicate(timeout=300)
    assert child.returncode == 0, err
    outcome: dict[str, Any] = json.loads(out.splitlines()[-1]) | {"stderr": err}
    return outcome


def captures(folder: Path) -> Iterator[dict[str, Any]]:
    """Every capture, oldest first, by its path."""
    with Archive(folder, write=False) as archive:
        rows = archive.db.execute("""
            select url, role, status, outcome, digest, error, headers, iif(digest is null or final_url <> '', final_url, url)
              from capture order by captured_at""")
        for row in rows.fetchall():
            yield dict(zip(("url", "role", "status", "outcome", "digest", "error", "headers", "final_url"), row, strict=True))


def outcomes(folder: Path) -> dict[str, str]:
    """Path → outcome of its last capture."""
    return {"/" + found["url"].split("/", 3)[3]: found["outcome"] for found in captures(folder)}


def _main() -> None:
    from crawler import shards
    from crawler.crawl import Plan, crawl
    from spiders.column import ColumnSpider

    wanted = json.loads(sys.argv[1])
    plan = Plan(ColumnSpider(urls=wanted["urls"]).seeds(), wanted["urls"], limit=wanted["limit"], refresh=wanted["refresh"],
                allow_private=wanted["allow_private"], spider={"urls": wanted["urls"], "year": wanted["year"]},
                shard=shards.parse(wanted["shard"]), round=wanted["round"],
                settings=wanted["settings"], readers=wanted["readers"], watch=wanted["watch"],
                budgets={"127.0.0.1": wanted["budget"]} if wanted["budget"] else None)
    print(json.dumps(dataclasses.asdict(crawl(Path(wanted["folder"]), plan)), default=str))


if __name__ == "__main__":
    _main()
