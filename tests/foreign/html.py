"""Web pages: the same tables drawn with tables, divisions, lists and whatever else a page editor leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from random import Random

from tests.foreign.drawing import Box, Drawn
from tests.foreign.report import Made

Draw = Callable[[Drawn, Random], str]
BANDS = "color:#ffffff;background-color:#FFF"


def page(made: Made, drawing: str) -> bytes:
    """The report as a page of a small site; `drawing` names how its tables are drawn."""
    random = Random(f"page {made.seed} {drawing}")
    draw = DRAWINGS[drawing]
    body = []
    for part in made.parts:
        if isinstance(part, Drawn):
            body.append(draw(part, random))
        elif isinstance(part, tuple):
            level, text = part
            tag = "h1" if level == 1 else random.choice(("p", "p", "h2", "div"))
            body.append(f"<{tag}><b>{escape(text)}</b></{tag}>" if level else f"<p>{escape(text)}</p>")
        else:
            body.append(f"<p>{escape(part)}</p>")
    wrap = _nested if random.random() < 0.3 else str
    text = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(made.title)}</title></head><body>'
        f'<div class="top"><a href="/">首页</a> <a href="/zwgk/">政务公开</a> <span>今天是2025年3月1日 访问量12345</span></div>'
        f'<div class="main">{wrap(chr(10).join(body))}</div>'
        f'<div class="foot">主办：办公室 电话：0571-12345678 备案号：浙ICP备05000001号</div></body></html>'
    )
    return text.encode()


def _nested(body: str) -> str:
    """Three layout tables around the article, a menu beside it."""
    menu = "<ul><li><a href='/a'>机构职能</a></li><li><a href='/b'>公开年报</a></li></ul>"
    return (
        f"<table width=100%><tr><td><table><tr><td width=180>{menu}</td><td><table><tr><td>{body}</td></tr></table></td></tr>"
        f"</table></td></tr></table>"
    )


def _spans(box: Box) -> str:
    return (f' rowspan="{box.rows}"' if box.rows > 1 else "") + (f' colspan="{box.cols}"' if box.cols > 1 else "")


def _words(box: Box) -> str:
    text = escape(box.text).replace("\n", "<br>").replace("\u00a0", "&nbsp;")
    return text + (f"<sup>{escape(box.note)}</sup>" if box.note else "")


def _table(drawn: Drawn, inside: Callable[[Box], str] = _words, attributes: str = 'border="1"', cell: str = "td") -> str:
    rows = ("".join(f"<{cell if not box.head else 'td'}{_spans(box)}>{inside(box)}</td>" for box in row) for row in drawn.rows)
    return f"<table {attributes}>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def plain(drawn: Drawn, random: Random) -> str:
    return _table(drawn)


def word_paste(drawn: Drawn, random: Random) -> str:
    """Paragraphs and spans around every run; digits split between runs as spell checkers leave them."""

    def inside(box: Box) -> str:
        cut = random.randrange(len(box.text) + 1)
        first, second = escape(box.text[:cut]).replace("\n", "<br/>"), escape(box.text[cut:]).replace("\n", "<br/>")
        note = f"<sup><span lang=EN-US>{escape(box.note)}</span></sup>" if box.note else ""
        return (
            f'<p class=MsoNormal align=center style="mso-pagination:none"><span style="font-family:仿宋_GB2312">{first}'
            f"</span><span lang=EN-US>{second}<o:p></o:p></span>{note}</p>"
        )

    return _table(drawn, inside, 'class=MsoTableGrid style="mso-yfti-tbllook:1184"')


def headed(drawn: Drawn, random: Random) -> str:
    """thead, tbody and th as a careful author writes them, with a caption and a column group."""
    top = next((at for at, row in enumerate(drawn.rows) if any(not box.head for box in row)), 1)

    def line(row: tuple[Box, ...]) -> str:
        return (
            "<tr>"
            + "".join(
                f"<th{_spans(box)}>{_words(box)}</th>" if box.head else f"<td{_spans(box)}>{_words(box)}</td>" for box in row
            )
            + "</tr>"
        )

    return (
        f"<table><caption>单位：件</caption><colgroup><col span={drawn.width}></colgroup>"
        f"<thead>{''.join(map(line, drawn.rows[:top]))}</thead><tbody>{''.join(map(line, drawn.rows[top:]))}</tbody></table>"
    )


def unclosed(drawn: Drawn, random: Random) -> str:
    """Closing tags left out, as HTML allows."""
    return (
        "<TABLE BORDER=1>"
        + "".join("<TR>" + "".join(f"<TD{_spans(box)}>{_words(box)}" for box in row) for row in drawn.rows)
        + "</TABLE>"
    )


def divisions(drawn: Drawn, random: Random) -> str:
    """display:table out of divisions; a span is a place left out, so only tables whose rows are whole can be drawn."""
    return _places(
        drawn,
        '<div class="tb" style="display:table">',
        '<div style="display:table-row">',
        '<div style="display:table-cell">{}</div>',
        "</div>",
        "</div>",
    )


def flex(drawn: Drawn, random: Random) -> str:
    """Rows that are flex boxes, every place written, a spanned label only at its first place."""
    return _places(
        drawn, '<div class="table">', '<div class="row" style="display:flex">', '<div class="cell">{}</div>', "</div>", "</div>"
    )


def grid(drawn: Drawn, random: Random) -> str:
    """One CSS grid, its cells in one sequence, spans by grid-column and grid-row."""
    out = [f'<div style="display:grid;grid-template-columns:repeat({drawn.width},1fr)">']
    for row in drawn.rows:
        for box in row:
            out.append(f'<div style="grid-column:span {box.cols};grid-row:span {box.rows}">{_words(box)}</div>')
    return "".join(out) + "</div>"


def listed(drawn: Drawn, random: Random) -> str:
    """A list of rows, each a list of cells."""
    return _places(drawn, '<ul class="table">', '<li class="tr"><ul>', "<li>{}</li>", "</ul></li>", "</ul>")


def spans_only(drawn: Drawn, random: Random) -> str:
    """A list of rows whose cells are inline spans."""
    return _places(drawn, '<ul class="tab">', "<li>", "<span>{}</span>", "</li>", "</ul>")


def _places(drawn: Drawn, start: str, row_start: str, cell: str, row_end: str, end: str) -> str:
    lines = ("".join(cell.format(text) for text in row) for row in every_place(drawn, _words))
    return start + "".join(row_start + line + row_end for line in lines) + end


def every_place(drawn: Drawn, show: Callable[[Box], str]) -> list[list[str]]:
    """The table as a rectangle of texts: a box at its first place, nothing at the others it covers."""
    width, below, lines = drawn.width, {}, []
    for number, row in enumerate(drawn.rows):
        line, at, boxes = [], 0, list(row)
        while at < width:
            if (number, at) in below or not boxes:
                line.append("")
                at += 1
                continue
            box = boxes.pop(0)
            for down in range(1, box.rows):
                below |= {(number + down, at + right): True for right in range(box.cols)}
            line += [show(box), *[""] * (box.cols - 1)]
            at += box.cols
        lines.append(line)
    return lines


def doubled(drawn: Drawn, random: Random) -> str:
    """The table twice, for wide and for narrow screens; the second is not shown."""
    style = random.choice(('class="visible-xs" style="display:none"', 'style="display: none;"', "hidden", ""))
    return f'<div class="hidden-xs">{_table(drawn)}</div><div {style}>{_table(drawn)}</div>'


def whispered(drawn: Drawn, random: Random) -> str:
    """Editors' remarks beside the numbers that no reader sees: hidden, of no size, or white on white."""
    ways = (
        '<span style="display:none">{}</span>',
        '<span style="font-size:0">{}</span>',
        '<span style="font-size:0px;">{}</span>',
        '<font style="color:#fff">{}</font>',
        '<font color="#FFFFFF">{}</font>',
        '<span style="color:white">{}</span>',
        '<span style="visibility:hidden">{}</span>',
        "<!--{}-->",
        "<span hidden>{}</span>",
        '<span style="opacity:0">{}</span>',
        "<script>var a={};</script>",
        "<style>.a{{b:{}}}</style>",
    )
    way = random.choice(ways)

    def inside(box: Box) -> str:
        return _words(box) + (way.format(random.choice((3, 7, 99))) if not box.head and random.random() < 0.3 else "")

    return _table(drawn, inside)


def nested_rows(drawn: Drawn, random: Random) -> str:
    """Every row is a table of its own inside a row."""
    rows = (
        "<tr><td><table width=100% border=1><tr>"
        + "".join(f"<td{_spans(box)}>{_words(box)}</td>" for box in row)
        + "</tr></table></td></tr>"
        for row in every_box(drawn)
    )
    return "<table>" + "".join(rows) + "</table>"


def every_box(drawn: Drawn) -> list[list[Box]]:
    """The rectangle of `every_place` as boxes."""
    return [[Box(text) for text in line] for line in every_place(drawn, lambda box: box.text)]


def repeated_head(drawn: Drawn, random: Random) -> str:
    """The head printed again in the middle, as paper does."""
    top = next((at for at, row in enumerate(drawn.rows) if any(not box.head for box in row)), 1)
    cuts = [at for at in range(top + 1, len(drawn.rows)) if _whole(drawn, at)]
    if top == 0 or not cuts or not drawn.name.startswith("requests"):
        return _table(drawn)
    at = random.choice(cuts)
    again = drawn.rows[:top] if all(box.head for row in drawn.rows[:top] for box in row) else ()
    return _table(Drawn((*drawn.rows[:at], *again, *drawn.rows[at:]), drawn.name))


def _whole(drawn: Drawn, at: int) -> bool:
    """Whether no box spans the line above row `at`."""
    return all(number + box.rows <= at for number, row in enumerate(drawn.rows[:at]) for box in row)


def pictured(drawn: Drawn, random: Random) -> str:
    """Pictures that say nothing in some cells."""
    return _table(
        drawn,
        lambda box: ('<img src="/images/dot.gif" width=1 height=1 alt="">' if random.random() < 0.3 else "") + _words(box),
    )


def commented(drawn: Drawn, random: Random) -> str:
    """Rows and cells kept in comments and in hidden rows."""
    hidden = '<tr style="display:none">' + "".join("<td>9</td>" for _ in range(drawn.width)) + "</tr>"
    rows = (
        "<tr>" + "".join(f"<td{_spans(box)}>{_words(box)}</td><!--<td>8</td>-->" for box in row) + "</tr>" for row in drawn.rows
    )
    return "<table>" + hidden.join(("", "".join(rows))) + hidden + "</table>"


DRAWINGS: dict[str, Draw] = {
    "plain": plain,
    "word_paste": word_paste,
    "headed": headed,
    "unclosed": unclosed,
    "doubled": doubled,
    "whispered": whispered,
    "repeated_head": repeated_head,
    "pictured": pictured,
    "commented": commented,
    "divisions": divisions,
    "flex": flex,
    "grid": grid,
    "listed": listed,
    "spans_only": spans_only,
    "nested_rows": nested_rows,
}
