"""Use where the address reads `/module/xxgk/xxgkAnnualReport.jsp?area=…`: the 年报 module of Hanweb (山东, 浙江).

There is no list: the page of an agency (`area`, mostly its 统一社会信用代码) and a year (`fbtime`) is the report itself, or a
file in a frame. A page without a year shows the newest one; beside it stand the other years and a tree of agencies.
"""

from __future__ import annotations

import re

from spiders import addresses, listing, titles, walks
from spiders.listing import Link
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

_MODULE = re.compile(r"xxgkAnnualReport\w*\.jsp", re.I)


def recognise(page: Page) -> float:
    if _MODULE.search(page.url):
        return 0.97
    return 0.94 if sum(bool(_MODULE.search(link.url)) for link in listing.links(page)) > 1 else 0.0


def walk(page: Page, target: Target) -> Walk:
    """The years of one agency as reports, the other agencies as columns."""
    links = [link for link in listing.links(page) if _MODULE.search(link.url)]
    area = addresses.parameters(page.url).get("area", "")
    own = [link for link in links if _year(link) and addresses.parameters(link.url).get("area", area) == area]
    reports = tuple(walks.report(link, page, target) for link in own)
    others = [link for link in links if not _year(link) and link.url != page.url]
    others += [link for link in links if _year(link) and link not in own and not titles.years(link.text)]
    columns = tuple({link.uid: link for link in (
        walks.column(each, page, target) for each in others if walks.may_descend(each.url, page, target))}.values())
    if not reports and not columns:
        return Walk((), Progress(end_proof="single-page"))
    end = "single-page" if reports else "sub-columns"
    return Walk((*reports, *columns), Progress(rows=len(reports), accepted=len(reports), end_proof=end))


def _year(link: Link) -> str:
    year = addresses.parameters(link.url).get("fbtime", "")
    return year if re.fullmatch(r"(?:19|20)\d\d", year) else ""
