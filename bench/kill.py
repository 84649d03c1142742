"""Killed at random, again and again: what our crawl loses, and what Scrapy's own job directory loses beside it.

    python -m bench.kill [--pages 3000] [--kills 100] [--at-once 16] [--scrapy-trials 3]

The site (bench/server.py): list pages of 100 articles, an attachment for every second one. Each crawl is killed
(SIGKILL) at a random moment between its first request and the end, and started again, until all kills are used up; the
last one runs to its end. Lost: pages of the site that are not in the archive (ours) or were never fetched (Scrapy).
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.store import Archive
from archive.verify import Fault, verify
from bench import ROOT, write
from bench.server import Server

PER_LIST = 100

OURS = """
import json, sys
from pathlib import Path
from crawler.crawl import Plan, crawl
from spiders.models import Target
if __name__ == "__main__":
    url, folder, at_once = sys.argv[1:]
    plan = Plan([Target(url, "column", portal="bench", column=url)], ["bench"], allow_private=["127.0.0.0/8"], readers=0,
                settings={"NIANBAO_DELAY": 0.0, "CONCURRENT_REQUESTS": int(at_once),
                          "CONCURRENT_REQUESTS_PER_DOMAIN": int(at_once)})
    outcome = crawl(Path(folder), plan)
    raise SystemExit(0 if outcome.good else 3)
"""

SCRAPY = """
import sys, scrapy
from scrapy.crawler import AsyncCrawlerProcess
class Plain(scrapy.Spider):
    name = "plain"
    async def start(self):
        yield scrapy.Request(sys.argv[1])
    def parse(self, response):
        if response.headers.get("Content-Type", b"").startswith(b"text/html"):
            for url in response.css("a::attr(href)").getall():
                yield response.follow(url, self.parse)
if __name__ == "__main__":
    process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR", "JOBDIR": sys.argv[2], "CONCURRENT_REQUESTS": int(sys.argv[3]),
                                   "CONCURRENT_REQUESTS_PER_DOMAIN": int(sys.argv[3]), "TELNETCONSOLE_ENABLED": False})
    process.crawl(Plain); process.start()
"""


def pages(count: int) -> dict[str, tuple[str, bytes]]:
    """path → (media type, bytes): lists, articles and attachments, `count` in all but for a few."""
    articles = count * 2 // 3
    lists = -(-articles // PER_LIST)
    made: dict[str, tuple[str, bytes]] = {}
    for n in range(lists):
        rows = "".join(f'<li><a href="/nb/t{k}.html">第{k}局2023年政府信息公开工作年度报告</a><span>2024-01-20</span></li>'
                       for k in range(n * PER_LIST, min((n + 1) * PER_LIST, articles)))
        onward = f'<a href="/nb/index_{n + 1}.html">下一页</a>' if n + 1 < lists else ""
        pager = f'<script>createPageHTML({lists},{n},"index","html");</script>'
        made["/nb/" if n == 0 else f"/nb/index_{n}.html"] = _page("年报", f"<ul>{rows}</ul>{onward}{pager}")
    for k in range(articles):
        attached = f'<a href="/nb/P{k}.pdf">年报.pdf</a>' if k % 2 else ""
        words = f"<p>本局收到申请{k}件，均已答复。</p>" * 40
        made[f"/nb/t{k}.html"] = _page(f"第{k}局2023年政府信息公开工作年度报告", words + attached)
        if k % 2:
            made[f"/nb/P{k}.pdf"] = ("application/pdf", b"%PDF-1.4\n" + b"%d " % k * 4000 + b"\n%%EOF\n")
    return made


def _page(title: str, body: str) -> tuple[str, bytes]:
    text = f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>'
    return "text/html", text.encode()


@contextmanager
def program(text: str) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(text)
        file.flush()
        yield file.name


def start(path: str, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, path, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"})


def kill_at_random(child: subprocess.Popen[bytes], server: Server, draw: random.Random, most: int) -> bool:
    """Kill it after some requests and a moment; False when it had ended by itself."""
    goal = len(server.asked()) + draw.randint(1, most)
    until = time.monotonic() + 60
    while len(server.asked()) < goal and child.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(draw.random() * 0.05)
    if child.poll() is not None:
        return False
    child.send_signal(signal.SIGKILL)
    child.wait()
    return True


def ours(files: dict[str, tuple[str, bytes]], kills: int, at_once: int, draw: random.Random) -> dict[str, Any]:
    """All kills on one archive, then its end."""
    server, folder = Server(files), Path(tempfile.mkdtemp())
    killed, worst, faults, early = 0, 0, 0, 0
    with program(OURS) as path:
        while killed < kills:
            child = start(path, f"{server.base}/nb/", str(folder), str(at_once))
            if not kill_at_random(child, server, draw, max(2, 14 * len(files) // (10 * (kills + 1)))):
                early += child.returncode == 0 and bool(missing(folder, files))       # said fine, and was not
                break
            killed += 1
            worst = max(worst, len(set(server.asked()) - stored(folder)))
            faults += damage(folder)
            print(f"\r{killed} kills, {len(server.asked())} requests", end="", file=sys.stderr, flush=True)
        code = start(path, f"{server.base}/nb/", str(folder), str(at_once)).wait()
    visits = Counter(server.asked())
    server.close()
    figures = {"kills": killed, "pages": len(files), "lost": len(missing(folder, files)), "dangling": faults + damage(folder),
               "double_effects": doubled(folder), "fetched_twice": sum(visits.values()) - len(visits),
               "refetched_per_kill": round((sum(visits.values()) - len(visits)) / max(killed, 1), 2),
               "in_doubt_at_worst_kill": worst, "at_once": at_once, "last_exit": code, "exit_0_with_work_left": early}
    shutil.rmtree(folder)
    return figures


def scrapy(files: dict[str, tuple[str, bytes]], kills: int, at_once: int, draw: random.Random) -> dict[str, Any]:
    """The same with Scrapy's JOBDIR: kills until it says that it is finished."""
    server, folder, killed = Server(files), Path(tempfile.mkdtemp()), 0
    with program(SCRAPY) as path:
        while killed < kills:
            child = start(path, f"{server.base}/nb/", str(folder / "job"), str(at_once))
            if not kill_at_random(child, server, draw, max(2, len(files) // 4)):
                break
            killed += 1
        code = start(path, f"{server.base}/nb/", str(folder / "job"), str(at_once)).wait()
    visits = Counter(server.asked())
    server.close()
    shutil.rmtree(folder)
    return {"kills": killed, "pages": len(files), "lost": len(files.keys() - visits.keys()),
            "lost_share": round(len(files.keys() - visits.keys()) / len(files), 3),
            "fetched_twice": sum(visits.values()) - len(visits), "last_exit": code}


def stored(folder: Path) -> set[str]:
    with Archive(folder, write=False) as archive:
        return {urlsplit(url).path for url, in archive.db.execute("select url from capture where outcome = 'ok'")}


def missing(folder: Path, files: dict[str, tuple[str, bytes]]) -> set[str]:
    return files.keys() - stored(folder)


def damage(folder: Path) -> int:
    with Archive(folder, write=False) as archive:
        return sum(isinstance(found, Fault) for found in verify(archive))


def doubled(folder: Path) -> int:
    with Archive(folder, write=False) as archive:
        return int(archive.db.execute("select count(*) from (select 1 from capture group by run_id, uid having count(*) > 1)"
                                      ).fetchone()[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--scrapy-trials", type=int, default=3)
    options = parser.parse_args()
    draw = random.Random(2026)
    files = pages(options.pages)
    figures: dict[str, Any] = {"nianbao": ours(files, options.kills, options.at_once, draw)}
    print(json.dumps(figures, indent=2), flush=True)
    figures["scrapy_jobdir"] = [scrapy(files, options.kills, options.at_once, draw) for _ in range(options.scrapy_trials)]
    print(json.dumps(figures["scrapy_jobdir"], indent=2))
    print(write("kill", figures))
    good = figures["nianbao"]
    if good["lost"] or good["dangling"] or good["double_effects"] or good["in_doubt_at_worst_kill"] > options.at_once:
        raise SystemExit("the crawl lost, doubled or refetched more than it may")


if __name__ == "__main__":
    main()
