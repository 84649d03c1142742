"""What an archive costs as it grows: an unchanged recrawl, the queue's memory and restart, inserts and look-ups by size.

    python -m bench.growth [--pages 400] [--queue 2000000] [--sizes 10000,100000,2000000]

The bars: an unchanged recrawl brings no blob, no parser run and at most 1 KB per address; a million addresses waiting cost at
most 5 MB; with two million the first request is there within a second; look-ups at two million rows take at most
three times as long as at ten thousand. Sizes are catalogue rows: captures, documents and links in equal parts.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from archive import frontier, readings
from archive.merge import CACHE
from archive.store import Archive, Link, Observation
from bench import ROOT, write
from bench.crawl import Site
from bench.merge import key
from bench.server import Server
from crawler import conditional
from crawler.revisit import Revisits
from crawler.writer import GROUP
from spiders.models import Target
from tests.crawling import crawl

NOW = "2025-03-01T00:00:00.000000Z"
HOSTS = 2000
ADDED = 20_000           # rows added to a queue as a crawl adds them
RUN = f"{0:032x}"

#: documents, a capture and a link of each, as in bench.merge, in the order of their keys
FILL = (
    "insert into document select digest, 9000 + k % 977, 'text/html', '2024-01-01T00:00:00Z', 0 from number order by digest",
    f"""insert into capture select substr(key('c' || k), 1, 32), '{RUN}', substr(digest, 1, 32), 'p', 'http://a.example/zwgk/',
        'article', 'http://a.example/zwgk/' || k || '.html', '', '2024-01-01T00:00:00.' || printf('%06d', k % 1000000) || 'Z',
        200, 'ok', digest, 'http://a.example/zwgk/', '第' || k || '局2023年政府信息公开工作年度报告', '2024-01-20', '', '',
        '[["Content-Type", "text/html"]]', '', '', 0 from number order by k""",
    """insert into link select substr(digest, 1, 32), digest, 0, substr(key(-k - 1), 1, 32), 'a.example',
       '{"url":"http://a.example/' || k || '.pdf"}', 0 from number order by digest""")

RESTARTED = """
import json, resource, sys, time
from pathlib import Path
from archive.frontier import Frontier
from archive.store import Archive
from crawler import runs
def memory():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024
before = memory()
began = time.perf_counter()
with Archive(Path(sys.argv[1])) as archive:
    run_id, resumed = runs.begin(archive.db, "crawl", ["queue"], "2025-03-01T00:00:00+00:00")
    with Archive(Path(sys.argv[1]), write=False) as view:
        queue = Frontier(view.db, run_id)
        first = queue.next()
        took = time.perf_counter() - began
        for n in range(int(sys.argv[2])):
            queue.next()
        grown = memory() - before
print(json.dumps({"seconds": took, "grown_kb": grown, "resumed": resumed, "first": first is not None}))
"""


def recrawl(pages: int) -> dict[str, Any]:
    """The same site crawled twice; what the second time added."""
    with Server(Site(pages).files) as server, tempfile.TemporaryDirectory() as name:
        folder, url = Path(name), f"{server.base}/nb/"
        first = crawl(folder, [url])
        before = sizes(folder)
        second = crawl(folder, [url])
        after = sizes(folder)
    return {"addresses": second["captures"], "first_read": first["read"], "read_again": second["read"],
            "new_blobs": after["blobs"] - before["blobs"], "new_documents": second["new_documents"],
            "bytes_per_address": round((after["bytes"] - before["bytes"]) / second["captures"]),
            "outcome": second["columns"][0]["outcome"]}


def sizes(folder: Path) -> dict[str, int]:
    with Archive(folder) as archive:
        for db in (archive.db, archive.blobs):
            db.execute("pragma wal_checkpoint(truncate)")
        count = int(archive.blobs.execute("select count(*) from blob").fetchone()[0])
    return {"blobs": count, "bytes": sum((folder / name).stat().st_size for name in ("archive.db", "blobs.db"))}


def queue(rows: int) -> dict[str, Any]:
    """A run that was killed with `rows` addresses waiting at 2,000 hosts: its restart in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Archive(folder) as archive, quickly(archive.db, rows, "frontier"):
            archive.db.execute("insert into run(run_id, started_at, command, targets) values"
                               " ('r', '2025-03-01T00:00:00+00:00', 'crawl', '[\"queue\"]')")
            # what is asked for first has its place in the queue's table; only the unique key is in the order of hashes
            archive.db.execute("insert into frontier(run_id, uid, host, state, target, seal)"
                               " select 'r', substr(digest, 1, 32), host(k), 'todo', target(k), 0 from number order by k")
        with Archive(folder) as archive:
            began = time.perf_counter()
            with archive.db:
                frontier.add(archive.db, "r", (link(n) for n in range(rows, rows + ADDED)))
            took = time.perf_counter() - began
        size = (folder / "archive.db").stat().st_size
        found = [restarted(folder) for _ in range(3)]
    return {"rows": rows, "insert_rows_per_second": round(ADDED / took), "bytes_per_row": round(size / (rows + ADDED)),
            "seconds_to_first": round(median(each["seconds"] for each in found), 3),
            "grown_mb": round(median(each["grown_kb"] for each in found) / 1024, 1)}


def link(n: int) -> Link:
    return Link(key(n)[:32], host(n), target(n))


def host(n: int) -> str:
    return f"h{n % HOSTS:04}.example"


def target(n: int) -> str:
    return f'{{"url": "http://{host(n)}/zwgk/xxgk/nb/202401/t20240120_{n}.html", "role": "article"}}'


@contextmanager
def quickly(db: sqlite3.Connection, count: int, *tables: str) -> Iterator[None]:
    """To fill tables by SQL from the table `number`(k, digest); their indexes are made anew at the end, in one go each.

    The rows are given no seal that is true: nothing here looks at it, and two million of them would take longer than all else.
    """
    marks = ",".join("?" * len(tables))
    indexes = db.execute(f"select name, sql from sqlite_master where type = 'index' and sql <> '' and tbl_name in ({marks})",
                         tables).fetchall()
    for function in (key, host, target):
        db.create_function(function.__name__, 1, function, deterministic=True)
    db.execute("pragma synchronous = off")
    db.execute(f"pragma cache_size = {CACHE}")
    with db:
        db.execute("create temp table number as with recursive n(k) as (select 0 union all select k + 1 from n where k + 1 < ?)"
                   " select k, key(k) as digest from n", (count,))
        for name, _ in indexes:
            db.execute(f"drop index {name}")
        yield
        for _, sql in indexes:
            db.execute(sql)


def restarted(folder: Path) -> dict[str, Any]:
    import json

    done = subprocess.run([sys.executable, "-c", RESTARTED, str(folder), "20000"], cwd=ROOT, check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["resumed"] and found["first"], found
    return found


@contextmanager
def filled(rows: int) -> Iterator[Archive]:
    with tempfile.TemporaryDirectory() as name:
        with Archive(Path(name)) as archive, quickly(archive.db, rows // 3, "document", "capture", "link"):
            archive.db.execute(f"insert into run(run_id, started_at, command) values ('{RUN}', '2024-01-01', 'crawl')")
            for sql in FILL:
                archive.db.execute(sql)
        with Archive(Path(name)) as archive:
            yield archive


def at_size(rows: int) -> dict[str, float]:
    """Microseconds of what a crawl asks for every page, and rows it stores per second, in a catalogue of this size."""
    with filled(rows) as archive:
        chance, count = random.Random(rows), rows // 3
        revisits = Revisits(archive.db, NOW)
        asked: dict[str, Callable[[int], object]] = {
            "known": lambda n: conditional.last_good(archive.db, key(n)[:32]),
            "due": lambda n: revisits.due(Target(f"http://a.example/zwgk/{n}.html")),
            "hints": lambda n: readings.hints_of(archive.db, key(n)),
            "links": lambda n: archive.db.execute("select uid from link where page_uid = ? and digest = ?",
                                                  (key(n)[:32], key(n))).fetchall()}
        found = {}
        for name, ask in asked.items():
            spent = []
            for _ in range(3000):
                n, began = chance.randrange(count), time.perf_counter()
                assert ask(n) is not None
                spent.append(time.perf_counter() - began)
            found[f"{name}_us"] = round(median(spent) * 1e6, 1)
        began = time.perf_counter()
        for start in range(0, 10 * GROUP, GROUP):
            archive.put([seen(count + start + n) for n in range(GROUP)])
        found["captures_per_second"] = round(10 * GROUP / (time.perf_counter() - began))
        return found


def seen(n: int) -> Observation:
    url = f"http://a.example/zwgk/{n}.html"
    return Observation(RUN, Target(url).uid, "article", url, NOW, 200, "ok", f"<p>{n}</p>".encode(),
                       media_type="text/html", links=(link(n),))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--queue", type=int, default=2_000_000)
    parser.add_argument("--sizes", default="10000,100000,2000000")
    options = parser.parse_args()
    figures: dict[str, Any] = {"recrawl": recrawl(options.pages)}
    print(figures["recrawl"], flush=True)
    small, large = queue(10_000), queue(options.queue)
    mb = (large["grown_mb"] - small["grown_mb"]) / (options.queue / 1e6)
    figures["queue"] = {"small": small, "large": large, "mb_per_million": round(mb, 2)}
    print(figures["queue"], flush=True)
    by_size = {size: at_size(size) for size in map(int, options.sizes.split(","))}
    first, last = by_size[min(by_size)], by_size[max(by_size)]
    ratios = {name: round(last[name] / first[name], 2) for name in first}
    figures["sizes"] = {str(size): found for size, found in by_size.items()} | {"largest_over_smallest": ratios}
    print(figures["sizes"])
    print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    print(write("growth", figures))


if __name__ == "__main__":
    main()
