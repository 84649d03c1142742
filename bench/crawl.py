"""Our full crawl, archive and reading beside what people crawl with otherwise (bench/peers.py), on one local site, in turn.

    python -m bench.crawl [--pages 600] [--rounds 3]

All fetch the same pages (reports in 40 KB of portal page, and DOCX and PDF files of which a third are byte duplicates)
from one server in a process of its own, without delay and, but for wget, with the same concurrency. A ratio of speeds is pages
per second of ours divided by theirs: above 1 ours is faster; a ratio of CPU is ours by theirs: below 1 ours costs less. CPU and
peak memory include all child processes; the memory is that of the largest. An attachment for every report, half of them PDF, is
more than portals have, where many a report stands in its page alone; how many do is not known, so the dearer mix is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import write
from bench.peers import PROGRAMS
from bench.server import Server
from tests.generator import make
from tests.generator.layouts import LAYOUTS

ROOT = Path(__file__).parents[1]
OURSELVES = {"nianbao": 0, "nianbao with reading": 1, "nianbao with two readers": 2}         # name → reading processes

OURS = """
import sys
from pathlib import Path
from crawler.crawl import Plan, crawl
from spiders.models import Target
if __name__ == "__main__":
    seed = Target(sys.argv[1], "column", portal="bench", column=sys.argv[1])
    plan = Plan([seed], ["bench"], allow_private=["127.0.0.0/8"], readers=int(sys.argv[2]), settings={
        "NIANBAO_DELAY": 0.0, "CONCURRENT_REQUESTS_PER_DOMAIN": 16})
    print(crawl(Path(sys.argv[3]), plan).captures)
"""


class Site:
    """A TRS-style column of `pages` / 2 reports, each with one attachment, two of three distinct; served from memory.

    Every report is an invented one with its tables, inside the menus and scripts that make up most of a portal's page.
    """

    def __init__(self, pages: int) -> None:
        draw = random.Random(2026)
        self.files: dict[str, tuple[str, bytes]] = {}
        rows = "".join(f'<li><a href="./202401/t20240101_{n}.html">第{n}局2023年政府信息公开工作年度报告</a>'
                       "<span>2024-01-20</span></li>" for n in range(pages // 2))
        self._page("/nb/", f'<ul>{rows}</ul><script>createPageHTML(1,0,"index","html");</script>')
        kinds = [LAYOUTS["docx_clean"], LAYOUTS["paper_ruled"]]
        attachments = [kinds[n % 2].render(make(10_000 + n)) for n in range(pages // 3)]
        for n in range(pages // 2):
            menu = "".join(f'<li class="nav-item"><a href="#" title="栏目{m}">政务公开栏目{m}</a></li>' for m in range(200))
            script = f"<script>var visits = [{','.join(str(draw.randint(0, 9999)) for _ in range(3000))}];</script>"
            report = LAYOUTS["html_portal"].render(make(n)).decode()
            link = f'<a href="./P02024{n}.pdf">年报.pdf</a></body>'
            self.files[f"/nb/202401/t20240101_{n}.html"] = ("text/html", report.replace(
                "</head>", script + "</head>").replace("</body>", f"<ul>{menu}</ul>{link}").encode())
            self.files[f"/nb/202401/P02024{n}.pdf"] = ("application/octet-stream", attachments[n % len(attachments)])

    def _page(self, path: str, body: str) -> None:
        page = f'<html><head><meta charset="utf-8"><title>年报</title></head><body>{body}</body></html>'
        self.files[path] = ("text/html", page.encode())


def run(program: str, *arguments: str) -> dict[str, float]:
    """One whole process: pages, wall seconds, CPU seconds of it and its children, and the largest one's peak memory in MB."""
    with tempfile.NamedTemporaryFile("w+", suffix=".py") as file, tempfile.TemporaryFile("w+") as said:
        file.write(program)
        file.flush()
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, file.name, *arguments], cwd=ROOT, stdout=said,
                                   env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"})
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"a crawler ended with exit code {process.returncode}; what it said stands above")
        said.seek(0)
        return {"pages": float(said.read().split()[-1]), "wall": wall, "cpu": used.ru_utime + used.ru_stime,
                "memory": used.ru_maxrss / 1024}


def runs_of(url: str) -> dict[str, Callable[[str], dict[str, float]]]:
    """All that are compared, by name; each takes a fresh folder."""
    ours = {name: partial(run, OURS, url, str(readers)) for name, readers in OURSELVES.items()}
    return ours | {name: partial(run, program, url, "") for name, program in PROGRAMS.items()}


def measured(url: str, rounds: int) -> dict[str, list[dict[str, float]]]:
    """Every crawler once a round, in turn, so that other work on the machine weighs on all alike."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in runs_of(url)}
    for _ in range(rounds):
        for name, crawl in runs_of(url).items():
            with tempfile.TemporaryDirectory() as folder:
                found[name].append(crawl(folder))
    return found


def figures_of(found: dict[str, list[dict[str, float]]]) -> dict[str, object]:
    """Ratios of medians: our pages per second, and our CPU per page, against each peer's; memory as it is."""
    speed = {name: statistics.median(r["pages"] / r["wall"] for r in runs) for name, runs in found.items()}
    cpu = {name: statistics.median(r["cpu"] / r["pages"] for r in runs) for name, runs in found.items()}
    return {
        "pages": {name: runs[0]["pages"] for name, runs in found.items()},
        "speed": {mine: {name: round(speed[mine] / speed[name], 2) for name in PROGRAMS} for mine in OURSELVES},
        "cpu_per_page": {mine: {name: round(cpu[mine] / cpu[name], 2) for name in PROGRAMS} for mine in OURSELVES},
        "ms_per_page": {name: round(1000 / each, 2) for name, each in speed.items()},
        "cpu_ms_per_page": {name: round(1000 * each, 2) for name, each in cpu.items()},
        "peak_memory_mb": {name: round(max(r["memory"] for r in runs)) for name, runs in found.items()}}


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with Server(Site(options.pages).files) as server:
        figures = figures_of(measured(f"{server.base}/nb/", options.rounds))
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    print(write("crawl", figures))


if __name__ == "__main__":
    main()
