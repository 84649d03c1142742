"""Our full crawl and archive beside plain Scrapy that keeps nothing, over one local site, interleaved.

    python -m bench.crawl [--pages 1200] [--rounds 3]

All fetch the same pages (reports in 40 KB of portal page, and DOCX and PDF files of which a third are byte duplicates)
from one server without delay and with the same concurrency. Ratios above 1 mean that ours is faster. CPU includes all
child processes.
"""

from __future__ import annotations

import argparse
import http.server
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench import write
from tests.generator import make
from tests.generator.layouts import LAYOUTS

ROOT = Path(__file__).parents[1]

PLAIN = """
import sys, scrapy
from scrapy.crawler import AsyncCrawlerProcess
class Plain(scrapy.Spider):
    name = "plain"
    seen = 0
    async def start(self):
        yield scrapy.Request(sys.argv[1])
    def parse(self, response):
        Plain.seen += 1
        if response.headers.get("Content-Type", b"").startswith(b"text/html"):
            for url in response.css('a[href^="."]::attr(href)').getall():
                yield response.follow(url, self.parse)
process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
                               "TELNETCONSOLE_ENABLED": False, "REQUEST_FINGERPRINTER_CLASS":
                               "scrapy.utils.request.RequestFingerprinter"})
process.crawl(Plain); process.start(); print(Plain.seen)
"""

OURS = """
import sys
from pathlib import Path
from crawler.crawl import Plan, crawl
from spiders.models import Target
if __name__ == "__main__":
    seed = Target(sys.argv[1], "column", portal="bench", column=sys.argv[1])
    plan = Plan([seed], ["bench"], allow_private=["127.0.0.0/8"], readers=int(sys.argv[3]), settings={
        "NIANBAO_DELAY": 0.0, "CONCURRENT_REQUESTS_PER_DOMAIN": 16})
    print(crawl(Path(sys.argv[2]), plan).captures)
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

    def serve(self) -> http.server.ThreadingHTTPServer:
        files = self.files

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                kind, body = files.get(self.path, ("", b""))
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Keep the benchmark's own output readable."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server


def run(program: str, *arguments: str) -> dict[str, float]:
    """One whole process: pages, wall seconds, CPU seconds of it and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(program)
        file.flush()
        start = time.perf_counter()
        done = subprocess.run([sys.executable, file.name, *arguments], cwd=ROOT, capture_output=True, text=True,
                              env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, check=True)
        wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"pages": float(done.stdout.split()[-1]), "wall": wall, "cpu": cpu}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=1200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    server = Site(options.pages).serve()
    url = f"http://127.0.0.1:{server.server_port}/nb/"
    rounds: dict[str, list[dict[str, float]]] = {"plain": [], "archive": [], "archive_and_read": []}
    for _ in range(options.rounds):
        rounds["plain"].append(run(PLAIN, url))
        for name, readers in (("archive", "0"), ("archive_and_read", "1")):
            folder = tempfile.mkdtemp()
            rounds[name].append(run(OURS, url, folder, readers))
            shutil.rmtree(folder)
    server.shutdown()
    speed = {name: statistics.median(r["pages"] / r["wall"] for r in runs) for name, runs in rounds.items()}
    cpu = {name: statistics.median(r["cpu"] / r["pages"] for r in runs) for name, runs in rounds.items()}
    figures = {"pages": {name: runs[0]["pages"] for name, runs in rounds.items()},
               "pages_per_second_against_plain_scrapy": {n: round(speed[n] / speed["plain"], 2) for n in rounds},
               "cpu_per_page_against_plain_scrapy": {n: round(cpu[n] / cpu["plain"], 2) for n in rounds}}
    print(json.dumps(figures, indent=2))
    print(write("crawl", figures))


if __name__ == "__main__":
    main()
