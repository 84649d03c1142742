"""Reports drawn by another hand are read exactly, and where a drawing loses something nothing false is said.

`NIANBAO_FOREIGN=200 pytest tests/test_foreign.py` reads that many of each drawing; by default five.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from parsers import Hints, parse
from tests.foreign import html, plain, sheet, word
from tests.foreign.judge import score
from tests.foreign.report import Made, invent

EACH = int(os.environ.get("NIANBAO_FOREIGN", "5"))
Render = Callable[[Made], bytes]
FILES: dict[str, Render] = {
    **{f"html.{name}": lambda made, name=name: html.page(made, name) for name in html.DRAWINGS},
    **{f"sheet.{name}": lambda made, name=name: sheet.file(made, name) for name in sheet.DRAWINGS},
    **{f"text.{name}": lambda made, name=name: plain.text(made, name) for name in plain.DRAWINGS},
    **{f"word.{name}": lambda made, name=name: word.file(made, name) for name in word.DRAWINGS},
}
#: drawings that lose where a blank stood
LOSING = {"text.lines", "text.spaces"}


def seeds(name: str) -> range:
    """Other reports for every drawing, the same in every run."""
    first = 10_000 * (1 + sorted(FILES).index(name))
    return range(first, first + EACH)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_drawing_is_read_without_a_false_cell(name: str) -> None:
    for seed in seeds(name):
        made = invent(seed)
        found = score(made, parse(FILES[name](made), Hints()).to_json())
        assert (found.lies, found.notes if found.lies else []) == (0, []), (seed, made.shapes)


@pytest.mark.parametrize("name", sorted(FILES.keys() - LOSING))
def test_every_drawing_that_loses_nothing_is_read_nearly_whole(name: str) -> None:
    for seed in seeds(name):
        made = invent(seed)
        shown = parse(FILES[name](made), Hints()).to_json()
        found = score(made, shown)
        assert found.missing * 50 <= found.exact, (seed, made.shapes, found.notes)
        sections = tuple(section["id"] for section in shown["sections"] if section["id"] != "preamble")
        assert sections == made.sections, seed


ASIDES = {
    "a class that the page's style sheet hides": '{}<span class="note">9</span>',
    "struck out": "<s>5</s>{}",
    "struck out by style": '<span style="text-decoration: line-through">5</span>{}',
    "thrown off the screen": '<span style="position:absolute;left:-9999px">5</span>{}',
    "a field of a form": '<input type="text" value="{}">',
    "a text field": "<textarea>{}</textarea>",
    "lowered marks": "{}<sub>1</sub>",
    "notes for one browser": "<!--[if gte mso 9]>5<![endif]-->{}",
    "two decimals": "{}.00",
}


@pytest.mark.parametrize("aside", ASIDES.values(), ids=ASIDES.keys())
def test_what_stands_around_a_figure_is_not_part_of_it(aside: str) -> None:
    made = invent(703, plain=True)
    page = html.page(made, "plain").decode().replace("<head>", "<head><style>.note { display: none }</style>")
    assert "<td>0</td>" in page
    shown = parse(page.replace("<td>0</td>", f"<td>{aside.format(0)}</td>", 20).encode(), Hints()).to_json()
    assert score(made, shown).notes == []
