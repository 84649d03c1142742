"""Where a page's own controls lead: its link 下一页, the number of the next page, a form that is posted back.

A control is anything one can click. Its address may stand in it, in a function of the page, or nowhere but in a form; the
words and the names of fields are data (`spiders/data/pagers.json`).
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from lxml.etree import _Element as Element

from spiders import calls, leads
from spiders.calls import Call
from spiders.models import Target
from spiders.page import Page, squeeze, words

_DATA: dict[str, Any] = json.loads(files("spiders").joinpath("data/pagers.json").read_text("utf-8"))
_NEXT, _MORE, _ARROW = re.compile(_DATA["next"], re.I), re.compile(_DATA["more"]), re.compile(_DATA["arrow"])
_FIELD = re.compile(_DATA["fields"], re.I)
_TURNS = re.compile(_DATA["turns"], re.I)
_AROUND = re.compile(_DATA["around"], re.I)
_CODE = ("onclick", "href", "onmousedown")
_DEAD = ("", "#", "##", "###", "void(0)", "returnfalse", "void0")
_MOST_OFFERED = 20       # controls that are tried; a page has two or three that lead to its next page
_LONGEST_ROW = 100       # elements beside one another, of which page numbers are some
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Step:
    """How to ask for the next page. `within`: the page holds it already and only shows it."""

    url: str = ""
    method: str = "GET"
    body: bytes = b""
    within: bool = False

    def applied(self, target: Target) -> Target:
        """The target that takes this step."""
        return replace(target, url=self.url, method=self.method, body=self.body, headers=_FORM if self.body else {})


def find(page: Page, number: int = 1) -> Step | None:
    """The step from page `number` of a list to the next one, None when the page offers none that can be followed."""
    offered = itertools.islice(itertools.chain(_called_next(page), _called(page, str(number + 1))), _MOST_OFFERED)
    return next((step for element in offered if (step := _step(page, element))), None) or _optioned(page, number + 1)


def goes_on(page: Page) -> bool:
    """Whether the page offers 下一页 or 尾页 at all; a dead link of that name is no offer."""
    return any(_MORE.search(name) and _live(element) for element, name in _controls(page))


def _controls(page: Page) -> Iterator[tuple[Element, str]]:
    for element in page.having("href", "onclick", "data-href", "data-url"):
        if element.tag not in ("link", "form", "body", "script", "base"):
            yield element, _label(element)


def _label(element: Element) -> str:
    image = element if element.tag in ("img", "input") else element.find(".//img")
    said = (words(element), element.get("value"), element.get("title"), element.get("aria-label"),
            image.get("alt") if image is not None else "", image.get("title") if image is not None else "")
    return next((squeeze(each) for each in said if each and squeeze(each)), "")


def _called_next(page: Page) -> Iterator[Element]:
    for element, name in _controls(page):
        if _NEXT.match(name) or _NEXT.match(squeeze(element.get("title") or "")) or (_ARROW.match(name) and _in_pager(element)):
            yield element


def _called(page: Page, name: str) -> Iterator[Element]:
    """Controls that are nothing but a number, in a row of numbers."""
    found = [element for element, label in _controls(page) if label == name]
    return (element for element in found if _in_pager(element))


def _in_pager(element: Element) -> bool:
    """Whether a control stands among page numbers, or in a part of the page that names itself a pager."""
    parent = element.getparent()
    for _ in range(3):
        if parent is None:
            return False
        if _AROUND.search(f"{parent.get('class') or ''} {parent.get('id') or ''}"):
            return True
        if parent.tag in ("li", "td", "span") and len(list(parent)) == 1:
            parent = parent.getparent()
            continue
        return len(parent) <= _LONGEST_ROW and 2 <= sum(squeeze(words(child)).isdigit() for child in parent) <= 20
    return False


def _live(element: Element) -> bool:
    code = squeeze((element.get("href") or "").lower()).removeprefix("javascript:").strip(";")
    if "disabled" in (element.get("class") or "") or element.get("disabled") is not None:
        return False
    return code not in _DEAD or bool(element.get("onclick"))


def _step(page: Page, element: Element) -> Step | None:
    if not _live(element):
        return None
    href = page.absolute(element.get("href") or "") if element.tag in ("a", "area") else ""
    if href and href != page.url and not (element.get("href") or "").strip().startswith("#"):
        return Step(href)
    code = " ".join(element.get(name) or "" for name in _CODE)[:leads.LONGEST_CODE]
    if url := page.absolute(calls.led(code)):
        return Step(url) if url != page.url else None
    made = [step for call in calls.calls(code) if (step := _made(page, element, call))]
    if made:
        return made[0]
    url = leads.address(page, element)
    return Step(url) if url and url != page.url and not href else None


def _made(page: Page, element: Element, call: Call) -> Step | None:
    """The step a call takes: by the function's own text, else by what such functions do with the form of the page."""
    if call.name == "__doPostBack" and call.arguments:
        event = (*call.arguments, "")
        return _sent(page, element, {"__EVENTTARGET": event[0], "__EVENTARGUMENT": event[1]})
    done = calls.deed(page.scripts, call)
    if done and done.address:
        url = page.absolute(done.address)
        return Step(url) if url and url != page.url else None
    if done and done.fields:
        return _sent(page, element, done.fields)
    if done and done.within:
        return Step(within=True)
    number = next((each for each in call.arguments if each.isdigit()), "")
    return _sent(page, element, {"": number}) if done is None and number and _TURNS.search(call.name) else None


def _sent(page: Page, element: Element, given: dict[str, str] | Any) -> Step | None:
    """A form of the page as it would be sent with some fields filled; the field of no name is the page's number."""
    for form in _forms(page, element):
        fields = dict(_fields(form))
        filled = {_named(form, fields, name): value for name, value in given.items()}
        if "" in filled:
            continue
        url = page.absolute(form.get("action") or page.url.partition("#")[0]) or page.url
        body = urlencode(fields | filled)
        if (form.get("method") or "get").lower() == "post":
            return Step(url, "POST", body.encode())
        return Step(f"{url.partition('?')[0]}?{body}")
    return None


def _forms(page: Page, element: Element) -> Iterator[Element]:
    own = next((parent for parent in element.iterancestors() if parent.tag == "form"), None)
    yield from ([own] if own is not None else [])
    yield from (form for form in page.tree.iter("form") if form is not own)


def _fields(form: Element) -> Iterator[tuple[str, str]]:
    for each in form.iter("input", "select", "textarea"):
        kind = (each.get("type") or "text").lower()
        if each.get("name") and kind not in ("submit", "button", "image", "reset", "file") and (
                kind not in ("checkbox", "radio") or each.get("checked") is not None):
            yield each.get("name", ""), each.get("value") or ""


def _named(form: Element, fields: dict[str, str], wanted: str) -> str:
    """The name of the field meant: by name, by id, or the one that holds a page number; "" when the form has none such."""
    if not wanted:
        return next((name for name in fields if _FIELD.match(name)), "")
    if wanted in fields or wanted.startswith("__EVENT"):
        return wanted if wanted in fields or "__VIEWSTATE" in fields else ""
    return next((each.get("name", "") for each in form.iter("input", "select") if each.get("id") == wanted), "")


def _optioned(page: Page, number: int) -> Step | None:
    """The page with that number in a list to choose from."""
    for option in page.tree.iter("option"):
        if re.fullmatch(rf"第?0*{number}(?:页|/\d+)?", squeeze(words(option))):
            value = option.get("value") or ""
            url = page.absolute(value) if re.search(r"[./?]", value) else ""
            return Step(url) if url and url != page.url else None
    return None


def most(page: Page) -> int:
    """The highest number among page numbers and options to choose from; 1 when there are none."""
    shown = [int(name) for element, name in _controls(page) if name.isdigit() and len(name) <= 3 and _in_pager(element)]
    chosen = [int(found[1]) for option in page.tree.iter("option") if (
        found := re.fullmatch(r"第?(\d{1,3})页", squeeze(words(option))))]
    return max([1, *shown, *chosen])

