"""What people crawl with when they have no nianbao, as whole programs for `bench.crawl`: each prints how many pages it had.

Arguments: the address of the column, nothing, and a folder of its own.
"""

from __future__ import annotations

_SPIDER = """
import hashlib, io, re, sys
from pathlib import Path
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
STORE = Path(sys.argv[3])
class Peer(scrapy.Spider):
    name = "peer"
    seen = 0
    async def start(self):
        yield scrapy.Request(sys.argv[1])
    def parse(self, response):
        Peer.seen += 1
        keep(response)
        if response.headers.get("Content-Type", b"").startswith(b"text/html"):
            for url in response.css('a[href^="."]::attr(href)').getall():
                yield from follow(self, response, url)
def keep(response):
    pass
def follow(spider, response, url):
    yield response.follow(url, spider.parse)
%s
process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
                               "TELNETCONSOLE_ENABLED": False, **MORE})
process.crawl(Peer); process.start()
print(Peer.seen + DONE())
"""

#: Scrapy that keeps nothing
PLAIN = _SPIDER % """
MORE, DONE = {}, int
"""

#: pages as files, attachments by Scrapy's own FilesPipeline
FILES_PIPELINE = _SPIDER % """
MORE = {"ITEM_PIPELINES": {"scrapy.pipelines.files.FilesPipeline": 1}, "FILES_STORE": str(STORE / "files")}
def keep(response):
    (STORE / hashlib.sha1(response.url.encode()).hexdigest()).write_bytes(response.body)
def follow(spider, response, url):
    if url.endswith(".html"):
        yield response.follow(url, spider.parse)
    else:
        yield {"file_urls": [response.urljoin(url)]}
def DONE():
    return sum(1 for path in (STORE / "files").rglob("*") if path.is_file())
"""

#: every response into one gzipped WARC, by warcio
WARC = _SPIDER % """
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
MORE, DONE = {}, int
WRITER = WARCWriter((STORE / "crawl.warc.gz").open("wb"), gzip=True)
def keep(response):
    headers = [(name.decode(), b",".join(values).decode()) for name, values in response.headers.items()]
    http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    body = io.BytesIO(response.body)
    WRITER.write_record(WRITER.create_warc_record(response.url, "response", payload=body, http_headers=http))
"""

#: the mirror everybody knows
WGET = """
import subprocess, sys
from pathlib import Path
subprocess.run(["wget", "--mirror", "--quiet", "--no-parent", "--execute", "robots=off", "--directory-prefix", sys.argv[3],
                sys.argv[1]])          # exit code 8: some page of the site, a picture for one, is not there
print(sum(1 for path in Path(sys.argv[3]).rglob("*") if path.is_file()))
"""

#: the limit: sockets and a pattern for links, nothing else
RAW = """
import asyncio, re, sys
from urllib.parse import urljoin, urlsplit
HOST, PORT = urlsplit(sys.argv[1]).hostname, urlsplit(sys.argv[1]).port
async def main():
    waiting, seen, busy = asyncio.Queue(), {sys.argv[1]}, []
    waiting.put_nowait(sys.argv[1])
    workers = [asyncio.create_task(work(waiting, seen)) for _ in range(16)]
    await waiting.join()
    for worker in workers:
        worker.cancel()
    print(len(seen))
async def work(waiting, seen):
    reader, writer = await asyncio.open_connection(HOST, PORT)
    while True:
        url = await waiting.get()
        writer.write(f"GET {urlsplit(url).path} HTTP/1.1\\r\\nHost: {HOST}\\r\\n\\r\\n".encode())
        head = await reader.readuntil(b"\\r\\n\\r\\n")
        body = await reader.readexactly(int(re.search(rb"Content-Length: (\\d+)", head)[1]))
        if b"text/html" in head:
            for link in re.findall(rb'href="(\\.[^"]+)"', body):
                onward = urljoin(url, link.decode())
                if onward not in seen:
                    seen.add(onward)
                    waiting.put_nowait(onward)
        waiting.task_done()
asyncio.run(main())
"""

PROGRAMS = {"raw sockets": RAW, "plain Scrapy": PLAIN, "Scrapy with FilesPipeline": FILES_PIPELINE, "Scrapy writing WARC": WARC,
            "wget --mirror": WGET}
