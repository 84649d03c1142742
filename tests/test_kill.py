"""Killed at any moment, a crawl loses nothing: the next ones complete it, and the archive is that of an undisturbed crawl."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archive.store import Archive
from archive.verify import Fault, verify
from tests.crawling import crawl, start
from tests.loopback import Answer, Site, column, page, report

ARTICLES = 320
KILLS = 12
AT_ONCE = 8


def site() -> Site:
    """A column on four pages, every article with an attachment of its own, a few bytes twice."""
    made = Site()
    per = ARTICLES // 4
    for n in range(4):
        rows = {f"/nb/t{k}.html": f"神池县第{k}局2019年政府信息公开工作年度报告" for k in range(n * per, (n + 1) * per)}
        pager = f'<script>createPageHTML(4,{n},"index","html");</script>'
        listed = column(rows).body.replace(b"</body>", pager.encode() + b"</body>")
        made.routes["/nb/" if n == 0 else f"/nb/index_{n}.html"] = Answer(listed)
    for k in range(ARTICLES):
        made.routes[f"/nb/t{k}.html"] = report(k, f'<p>附件：<a href="/nb/P{k}.pdf">第{k}局年报.pdf</a></p>')
        made.routes[f"/nb/P{k}.pdf"] = Answer(b"%PDF-1.4\n" + b"%d" % (k % 200) * 3000 + b"\n%%EOF\n",
                                              headers={"Content-Type": "application/pdf"})
    made.routes["/"] = page("神池县人民政府", "<p>首页</p>" * 99)
    return made


def holdings(folder: Path) -> tuple[object, ...]:
    """All that does not depend on the hour or on the port."""
    with Archive(folder, write=False) as archive:
        return tuple(sorted(archive.db.execute(sql).fetchall()) for sql in (
            "select digest, size, media_type from document",
            "select role, outcome, status, digest, link_text, uid from capture",
            "select page_uid, digest, uid from link", "select outcome, rows, accepted, walked, end_proof from walk"))


def faults(folder: Path) -> list[Fault]:
    with Archive(folder, write=False) as archive:
        return [found for found in verify(archive) if isinstance(found, Fault)]


def doubled(folder: Path) -> list[tuple[object, ...]]:
    with Archive(folder, write=False) as archive:
        return archive.db.execute("select uid, count(*) from capture group by run_id, uid having count(*) > 1").fetchall()


@pytest.mark.parametrize("seed", [1])                        # single points, all of them: test_failpoints
def test_a_crawl_killed_a_dozen_times_ends_like_one_that_was_not(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    with site() as server:
        settings: dict[str, Any] = {"CONCURRENT_REQUESTS": AT_ONCE, "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE, "readers": 0}
        whole = crawl(tmp_path / "whole", [server.url("/nb/")], **settings)
        asked = len(server.paths())
        server.hits.clear()
        killed = 0
        while killed < KILLS:
            child = start(tmp_path / "killed", [server.url("/nb/")], **settings)
            goal = len(server.hits) + draw.randint(1, 90)
            until = time.monotonic() + 60
            while len(server.hits) < goal and child.poll() is None and time.monotonic() < until:
                time.sleep(0.002)
            if child.poll() is not None:
                break
            child.send_signal(signal.SIGKILL)
            child.communicate()
            killed += 1
            assert not faults(tmp_path / "killed")
        last = crawl(tmp_path / "killed", [server.url("/nb/")], **settings)
        visits = Counter(server.paths())
    assert killed >= 10
    assert last["resumed"]
    assert last["finished"]
    assert last["columns"] == whole["columns"]
    assert holdings(tmp_path / "killed") == holdings(tmp_path / "whole")
    assert not faults(tmp_path / "killed")
    assert not doubled(tmp_path / "killed")
    assert sum(visits.values()) - asked <= killed * AT_ONCE          # what was on its way at each kill, and nothing more
