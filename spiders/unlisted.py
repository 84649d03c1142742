"""Pages of a column on which no list was recognised: scripts that hold one, the report itself, steps on the way, nothing."""

from __future__ import annotations

from dataclasses import replace

from spiders import attachments, discover, drawing, emptiness, platforms, titles
from spiders.models import RENDER, Progress, Target
from spiders.page import Page
from spiders.platforms import ajax
from spiders.sights import Sight, frames, onward
from spiders.walks import Walk

LAST = ("inline", "ajax")                       # how lists are drawn by scripts, whoever made them: tried when no list is found


def holds(walk: Walk) -> bool:
    """Whether a walk found more than further pages of furniture."""
    told = walk.progress
    further = any(link.role != "list" or link.state.get("way") for link in walk.links)
    return bool(told.accepted or told.refusal or told.probe or further
                or any(each.reason.startswith("look-alike") for each in told.rejected))


def otherwise(page: Page, target: Target, name: str, walk: Walk) -> tuple[str, Walk]:
    """A list that the page's scripts draw or fetch, where its platform found none; but not on a page that is a report."""
    if page.status != 200 or titles.is_report_body(page.visible) or page.onward:
        return name, walk
    for other in LAST:
        if platforms.named(other).recognise(page) and has_list(found := platforms.named(other).walk(page, target)):
            return other, found
    return name, walk


def fetched_further(page: Page, target: Target, walk: Walk) -> Walk:
    """A list that goes on in a way nothing follows, with the page after it that the page's own script would fetch."""
    reports = [link for link in walk.links if link.role in ("article", "attachment")]
    if walk.progress.refusal != "needs-adapter" or not reports or target.state.get("page") or target.state.get("way"):
        return walk
    further = ajax.beyond(page, target, reports)
    return Walk((*walk.links, further), replace(walk.progress, refusal="")) if further else walk


def has_list(walk: Walk) -> bool:
    """Whether a walk found a list, even one that holds only look-alikes; rows of any other kind are furniture."""
    told = walk.progress
    if told.accepted or walk.links or told.refusal or told.probe:
        return True
    return bool(told.rows) and any(each.reason.startswith("look-alike") for each in told.rejected)


def without_list(target: Target, page: Page, walk: Walk) -> Sight:
    """A page of a column without a list: the report itself, a shell, truly empty, a step on the way, or not understood."""
    own = titles.is_report_body(page.visible)
    files = attachments.targets(page, target) if own else _report_files(target, page)
    if own or files:
        return Sight("article", files, Progress(rows=1, accepted=1, end_proof="single-page"))
    if links := onward(target, page, "list") or frames(target, page):
        return Sight(target.role, links, Progress())
    if emptiness.said(page) if target.method == RENDER else emptiness.proved(page):
        return Sight(target.role, progress=Progress(end_proof="empty-marker", rejected=walk.progress.rejected))
    if target.state.get("page") or target.state.get("way"):
        return Sight(target.role, walk.links, walk.progress)
    if links := _discovered(target, page):
        return Sight(target.role, links, Progress(end_proof="sub-columns"))
    by_hand = target.role == "column" and not target.referrer and not target.portal
    why = _why_nothing(target, page)
    if by_hand and (links := discover.onward(page, target)):          # the home page of a part of a site
        return Sight("home", links, Progress(refusal=why if why == "needs-browser" else ""))
    return Sight(target.role, progress=replace(walk.progress, refusal=why, end_proof="", rows=0))


def _report_files(target: Target, page: Page) -> tuple[Target, ...]:
    """The files of a page that is a report by its name and has no other body than files."""
    own = (page.metas.get("articletitle", ""), page.title.replace("-", "_").split("_")[0], target.link_text)
    if target.state.get("page") or not any(titles.judge(name).kind == "report" for name in own if name):
        return ()
    return attachments.targets(page, target)


def led_on(target: Target, own: Sight, further: tuple[Target, ...]) -> Sight:
    """A home page that names no column: what it holds itself, kept as `own` if that is reports, and where it leads.

    A home page is never empty and its news are no rows: without a report or a column it proves nothing.
    """
    told = own.progress or Progress()
    if own.role != "home" or told.accepted:
        return replace(own, links=_unique(*own.links, *further), progress=told)
    first = not target.state.get("step")
    own_ways = [link for link in own.links if (link.role == "list" and link.state.get("way")) or link.method == RENDER
                or (link.role == "column" and not (first and further))]
    links = _unique(*own_ways, *further)
    proof = "sub-columns" if any(link.role == "column" for link in links) else ""
    refusal = "" if links or (target.referrer and told.refusal == "needs-adapter") else told.refusal or "needs-adapter"
    look_alikes = tuple(each for each in told.rejected if each.reason.startswith("look-alike"))
    return Sight("home", links, Progress(rejected=look_alikes, end_proof=proof, refusal=refusal, platform=told.platform))


def _unique(*links: Target) -> tuple[Target, ...]:
    """Each request once; the later one speaks for it."""
    return tuple({link.uid: link for link in links}.values())


def _discovered(target: Target, page: Page) -> tuple[Target, ...]:
    """Columns that a page given as a column only leads to; one step, since a column does not lead to others."""
    if int(target.state.get("step", 0)):
        return ()
    kept = {"step": 1, "depth": int(target.state.get("depth", 0)) + 1}
    found = (link for link in discover.onward(page, target) if link.role == "column")
    return tuple(replace(link, state={**link.state, **kept}) for link in found)


def _why_nothing(target: Target, page: Page) -> str:
    if titles.soft_404(page.visible):
        return "soft-404"
    return "needs-browser" if target.method != RENDER and drawing.by_script(page) else "needs-adapter"
