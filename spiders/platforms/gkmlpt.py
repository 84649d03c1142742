"""Use where the address has `/gkmlpt/` and the source `window._CONFIG = {… SID: '…' TREE: […]}`: all of 广东, nowhere else.

Every agency has its own instance under a host or a path prefix. The catalogue is a tree in the page; a node's rows come from
`{prefix}/gkmlpt/api/all/{node}?page=N&sid=SID`, 100 at a time. `total` governs; the tree's `post_count` is larger and wrong.
A node with `jump_url` is a link to somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from spiders import addresses, answers, listing, literals, pagers, titles, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

_CONFIG = re.compile(r"window\._CONFIG\s*=")
_SID = re.compile(r"\bSID['\"]?\s*:\s*['\"]?([\w-]+)")
_TREE = r"\bTREE['\"]?\s*:\s*(?=\[)"


def recognise(page: Page) -> float:
    return 0.97 if _CONFIG.search(page.scripts) and _SID.search(page.scripts) and "gkmlpt" in page.url + page.text else 0.0


def walk(page: Page, target: Target) -> Walk:
    """The index page with its tree, or one answer of the service."""
    return _answer(page, target) if target.state.get("way") else _index(page, target)


def _index(page: Page, target: Target) -> Walk:
    sid = _SID.search(page.scripts)
    nodes = list(_nodes(literals.value_after(page.scripts, _TREE) or []))
    wanted = target.url.partition("#")[2]
    chosen = [node for node in nodes if str(node.get("id")) == wanted] if wanted.isdigit() else [
        node for node in nodes if titles.judge(str(node.get("name"))).kind == "column"]
    prefix = page.url.partition("/gkmlpt/")[0] + "/gkmlpt"
    if not sid or not chosen:
        return Walk((), Progress())
    single = len(chosen) == 1 or bool(wanted)
    targets = [_node(page, target, node, prefix, sid[1], single) for node in chosen]
    return Walk(tuple(targets), Progress(end_proof="" if single and not chosen[0].get("jump_url") else "sub-columns"))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    for node in tree if isinstance(tree, list) else ():
        if isinstance(node, dict):
            yield node
            yield from _nodes(node.get("children"))


def _node(page: Page, target: Target, node: dict[str, Any], prefix: str, sid: str, single: bool) -> Target:
    """The first answer for a node, or the column elsewhere that it only points to."""
    if jump := page.absolute(str(node.get("jump_url") or "")):
        return walks.column(listing.Link(jump, str(node.get("name") or "")), page, target)
    state = {"platform": "gkmlpt", "number": 1, "seen": [], "way": f"{prefix}/api/all/{node['id']}?page=1&sid={sid}",
             "root": page.url}
    request = _request(target, state)
    return request if single else replace(request, column=f"{prefix}/index#{node['id']}")


def _request(target: Target, state: dict[str, Any]) -> Target:
    url = addresses.with_parameters(state["way"], page=state["number"])
    return pagers.further_page(target, url, state, state["root"])


def _answer(page: Page, target: Target) -> Walk:
    answer = answers.loaded(page)
    if page.status == 200 and not isinstance(answer, dict):
        return Walk((), Progress(refusal="needs-adapter"))
    articles = answer.get("articles") if isinstance(answer, dict) else None
    total = answers.total({"total": answer.get("total")}) if isinstance(answer, dict) else None
    walk = answers.turn(page, target, answers.rows(page, {"articles": articles}), lambda state: _request(target, state),
                        declared=total, proof=answers.empty(answer))
    return replace(walk, links=(*walk.links, *_files(page, walk, articles or [])))


def _files(page: Page, walk: Walk, articles: list[Any]) -> Iterator[Target]:
    """The attachments that the service lists with the reports it names."""
    reports = {link.url: link for link in walk.links if link.role == "article"}
    for article in articles:
        report = reports.get(page.absolute(str(article.get("url") or article.get("post_url") or "")))
        for file in article.get("attachment") or () if report else ():
            url = page.absolute(str(file.get("url") or ""))
            if url and report:
                yield replace(report, url=url, role="attachment", referrer=report.url, link_text=str(file.get("name") or ""))
