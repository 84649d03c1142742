"""Use where addresses read `govInfoPub.html?categorynum=…` and the source has `EWB-FRONT` or `webBuilderCommon.js`: Epoint.

Rows come as JSON for a POST to `{project}/rest/lightfrontaction/getgovinfolist`. The site's id and project stand in
`/js/webBuilderCommon.js`, which is asked first. Some servers want the question wrapped in `params`, some count pages from zero.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from spiders import addresses, answers, listing, literals, pagers, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

PAGE_SIZE = 15          # rows per answer, what the system's own pages ask for

_SHELL = re.compile(r"webBuilderCommon\.js|EWB-FRONT|getgovinfolist|govInfoPub", re.I)
_COMMON = re.compile(r"[\"']([^\"']{0,300}webBuilderCommon\.js[^\"']{0,300})[\"']")
_PROJECT = re.compile(r"projectName['\"]?\s*[:=]\s*['\"]([^'\"]*)['\"]")
_GUID = re.compile(r"siteGuid['\"]?\s*[:=]\s*['\"]([^'\"]+)['\"]", re.I)


def recognise(page: Page) -> float:
    return 0.85 if "categorynum=" in page.url.lower() and _SHELL.search(page.text + page.url) else 0.0


def walk(page: Page, target: Target) -> Walk:
    """The shell of a column, the script that names the site, or one answer."""
    stage = target.state.get("stage")
    return _answer(page, target) if stage == "rows" else _site(page, target) if stage == "site" else _column(page, target)


def _column(page: Page, target: Target) -> Walk:
    asked = {name.lower(): value for name, value in addresses.parameters(page.url).items()}
    common = _COMMON.search(page.text)
    state = {"platform": "epoint", "stage": "site", "root": page.url, "number": 1, "seen": [],
             "asked": {"deptcode": asked.get("deptcode", ""), "categorynum": asked.get("categorynum", "")}}
    url = page.absolute(common[1] if common else "/js/webBuilderCommon.js")
    site = pagers.further_page(target, url, state, page.url)
    return walks.assemble(page, target, [], listing.links(page), (site,), Progress())


def _site(page: Page, target: Target) -> Walk:
    """The question as this site wants it; a site that names itself nowhere cannot be asked."""
    site = literals.value_after(page.text, r"siteInfo\s*=\s*(?=\{)") or {}
    project, guid = _PROJECT.search(page.text), _GUID.search(page.text)
    name = str(site.get("projectName") or (project[1] if project else "")).strip("/")
    state = dict(target.state) | {"stage": "rows", "way": f"{'/' if name else ''}{name}/rest/lightfrontaction/getgovinfolist"}
    state["asked"] = {**target.state["asked"], "siteGuid": str(site.get("siteGuid") or (guid[1] if guid else ""))}
    if page.status >= 400 or not state["asked"]["siteGuid"]:
        return Walk((), Progress(refusal="needs-adapter"))
    return Walk((_request(target, state),), Progress())


def _request(target: Target, state: dict[str, Any]) -> Target:
    asked = {**state["asked"], "pageIndex": state["number"], "pageSize": PAGE_SIZE}
    body = json.dumps({"params": asked} if state.get("wrapped") else asked, ensure_ascii=False).encode()
    url = Page(state["root"]).absolute(state["way"])
    return replace(pagers.further_page(target, url, state, state["root"]), method="POST", body=body,
                   headers={"Content-Type": "application/json; charset=utf-8", "X-Requested-With": "XMLHttpRequest"})


def _answer(page: Page, target: Target) -> Walk:
    answer, state = answers.loaded(page), dict(target.state)
    rows, total = answers.rows(page, answer), answers.total(answer)
    if not rows and not total and state["number"] == 1 and not state.get("wrapped"):
        return Walk((_request(target, state | {"wrapped": True}),), Progress(probe=True))
    return answers.turn(page, target, rows, lambda next_: _request(target, next_), declared=total,
                        proof=answers.empty(answer))
