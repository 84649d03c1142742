"""What one page turned out to be, and what stands behind it that is no list: files, shells, frames, what a browser draws."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from spiders import addresses, attachments, drawing, titles
from spiders.models import RENDER, Progress, Role, Target
from spiders.page import Page
from spiders.pagers import CARRIED

MOST_HOPS = 3                                   # shells and frames between a link and its page
_FRAME_OF_OTHERS = re.compile(r"login|share|count|stat|map|weather|video|player|search|ad[sv]?\b", re.I)
_BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"Rar!", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page is and what follows from it: the role it turned out to have, its links, its share of the column's ledger."""

    role: Role
    links: tuple[Target, ...] = ()
    progress: Progress | None = None


def is_binary(body: bytes) -> bool:
    """Whether the bytes are a file and no page."""
    return body.lstrip()[:8].startswith(_BINARY) or b"\x00" in body[:512]


def leaf(target: Target, page: Page, outcome: str) -> Sight:
    """A report or a file, and the files that hang on it."""
    if outcome == "not_modified":
        return Sight(target.role)
    if outcome != "ok":
        others = spare(target)
        return Sight(target.role, others, Progress(probe=True) if others else None)
    if is_binary(page.body):
        return Sight("attachment")
    if target.role == "attachment":
        return Sight("attachment", spare(target) if titles.soft_404(page.visible) else ())
    if links := onward(target, page, "article"):
        return Sight("article", links)
    links = (*attachments.targets(page, target), *attachments.collected(page, target))
    if not links and target.method != RENDER and drawing.article_by_script(page):
        links = (by_browser(target, page.url),)
    return Sight("article", links)


def spare(target: Target) -> tuple[Target, ...]:
    """Where else a file may be that was not to be had where its link pointed."""
    others = list(target.state.get("spare", ())) if target.role == "attachment" else []
    return (replace(target, url=others[0], state={**target.state, "spare": others[1:]}),) if others else ()


def onward(target: Target, page: Page, role: Role) -> tuple[Target, ...]:
    """The page behind a shell that only sends its reader on, with role `role`."""
    hops = int(target.state.get("hops", 0)) + 1
    if not page.onward or hops > MOST_HOPS:
        return ()
    return (replace(target, url=page.onward, role=role, method="GET", body=b"", referrer=page.url,
                    state={**target.state, "hops": hops}),)


def frames(target: Target, page: Page, role: Role = "list") -> tuple[Target, ...]:
    """Frames of the same site that may hold the list, or with role `home` the menu."""
    hops = int(target.state.get("hops", 0)) + 1
    sources = [page.absolute(frame.get("src") or "") for tag in ("iframe", "frame") for frame in page.tree.iter(tag)]
    own = addresses.site(addresses.split(page.url)[0])
    inner = [url for url in dict.fromkeys(sources) if url and url != page.url and not addresses.is_file(url)
             and addresses.site(addresses.split(url)[0]) == own and not _FRAME_OF_OTHERS.search(addresses.split(url)[1])]
    return tuple(replace(target, url=url, role=role, method="GET", body=b"", referrer=page.url,
                         state={**target.state, "hops": hops}) for url in inner) if hops <= MOST_HOPS else ()


def drawn(sight: Sight, target: Target, page: Page) -> Sight:
    """A page that needs a browser leads to itself, or to the column it serves, as a browser draws it."""
    told = sight.progress
    if told is None or told.refusal != "needs-browser":
        return sight
    link = by_browser(target, target.state.get("root") or page.url)
    return replace(sight, links=(*sight.links, link), progress=replace(told, refusal=""))


def by_browser(target: Target, url: str) -> Target:
    """The same target as a browser is to draw it, at `url`."""
    kept = {key: value for key, value in target.state.items() if key in (*CARRIED, "step")}
    role: Role = target.role if target.role in ("home", "article") else "list"
    return replace(target, url=url, role=role, method=RENDER, body=b"", headers={}, state=kept)
