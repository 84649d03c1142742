"""Several portals on loopback, each on an address of its own, that link to one another: what is crawled in shards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.generator import make
from tests.generator.layouts import LAYOUTS
from tests.loopback import Answer, Site, column


class Town:
    """`hosts` sites; each a column of `reports` reports, of which some stand, and some attachments lie, on the next site.

    With `paged` every column also has pages; every site has a copy of a file of its neighbour, so that digests are shared.
    """

    def __init__(self, hosts: int = 6, reports: int = 4, first: int = 11, pause: float = 0.0) -> None:
        self.sites = [Site(host=f"127.0.0.{first + n}") for n in range(hosts)]
        for n, site in enumerate(self.sites):
            there = self.sites[(n + 1) % hosts]
            rows = {}
            for k in range(reports):
                made = make(1000 * n + k)
                title = f"{made.agency}{made.year}年政府信息公开工作年度报告"
                home = there if k == reports - 1 else site                   # the last one stands on the next site
                path = f"/nb/{n}-{k}.html"
                rows[home.url(path)] = title
                attached = f'<p><a href="{there.url(f"/f/{n}-{k}.pdf")}">{title}.pdf</a></p></body>'
                body = LAYOUTS["html_portal"].render(made).decode()
                home.routes[path] = Answer(body.replace("</body>", attached if k == 0 else "</body>").encode(), pause=pause)
                if k == 0:
                    there.routes[f"/f/{n}-{k}.pdf"] = Answer(LAYOUTS["paper_ruled"].render(make(7)), pause=pause, headers={
                        "Content-Type": "application/pdf"})                  # one file under many addresses
            rows[site.url(f"/away/{n}.html")] = "神池县档案局2018年政府信息公开工作年度报告"
            site.routes[f"/away/{n}.html"] = Answer(status=302, headers={"Location": there.url(f"/kept/{n}.html")})
            there.routes[f"/kept/{n}.html"] = Answer(LAYOUTS["html_portal"].render(make(5000 + n)), pause=pause)
            site.routes["/nb/"] = column(rows)

    def urls(self) -> list[str]:
        return [site.url("/nb/") for site in self.sites]

    def asked(self) -> dict[str, list[str]]:
        """Path by path what each address was asked for, without robots.txt."""
        return {site.host: site.paths() for site in self.sites}

    def forget(self) -> None:
        for site in self.sites:
            site.hits.clear()


@contextmanager
def town(**wanted: float) -> Iterator[Town]:
    """A running town."""
    made = Town(**wanted)  # type: ignore[arg-type]
    with ExitStack() as stack:
        for site in made.sites:
            stack.enter_context(site)
        yield made
