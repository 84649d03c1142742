"""Reports as web pages: clean, pasted from Word, in pieces, in one table, with wrong spans, inside a portal's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from random import Random

from tests.generator.model import Box, Line, Script, Table, Truth
from tests.generator.stacking import respan, stack

PORTAL = (Path(__file__).parent / "portal.html").read_text(encoding="utf-8")
Draw = Callable[[Table], str]
TAGS = {"title": "h1", "heading": "h2", "subheading": "h3", "text": "p", "signature": "p"}
CSS = "body{font-family:'Noto Serif CJK SC',serif}td{text-align:center}"
RULED = "table{border-collapse:collapse;width:100%}td{border:1px solid #000;padding:2px 4px}"


def clean(truth: Truth) -> bytes:
    """Headings as headings, tables as tables."""
    return page(truth, article(truth.script, line=plain_line, table=plain_table)).encode()


def pieces(truth: Truth) -> bytes:
    """Every sub-table of section 二 on its own, only as wide as it needs; headings are bold paragraphs."""
    script = [narrow(part) if isinstance(part, Table) else part for part in truth.script]
    return page(truth, article(script, line=bold_line, table=plain_table)).encode()


def one_table(truth: Truth) -> bytes:
    """Neighbouring tables stacked into one grid with `th` header cells, thead and tbody."""
    return page(truth, article(stack(truth.script), line=plain_line, table=headed_table)).encode()


def wrong_spans(truth: Truth) -> bytes:
    """Captions that span far too much, row spans beyond the end of the table, placeholders under a short header span."""
    random = Random(truth.seed)
    script = [respan(part, random) if isinstance(part, Table) else part for part in truth.script]
    return page(truth, article(script, line=bold_line, table=plain_table)).encode()


def word(truth: Truth) -> bytes:
    """Pasted from Word: spans in spans, conditional comments, every cell a paragraph, layout tables around it all."""
    inner = article(truth.script, line=word_line, table=word_table)
    nested = (f"<table width='100%' cellpadding=0><tr><td><table class='con'><tr><td id='zoom'>{inner}</td></tr></table>"
              "</td></tr></table>")
    comment = "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->"
    return page(truth, comment + nested, css="@font-face{font-family:仿宋_GB2312}p.MsoNormal{mso-style-parent:''}").encode()


def portal(truth: Truth) -> bytes:
    """Inside a portal's page: metas, navigation, breadcrumb, a list of other news, an attachment, a footer."""
    return cms_page(truth).encode()


def gbk(truth: Truth) -> bytes:
    """The portal's page in GBK under a meta that claims UTF-8."""
    return cms_page(truth).encode("gb18030")


def page(truth: Truth, body: str, css: str = "") -> str:
    name = escape(truth.title or "政府信息公开")
    return (f"<!DOCTYPE html><html lang='zh'><head><meta charset='utf-8'><title>{name}</title><style>{CSS}{css}</style></head>"
            f"<body>{body}</body></html>")


def article(script: Iterable[Line | Table], *, line: Callable[[Line], str], table: Draw) -> str:
    return "\n".join(line(part) if isinstance(part, Line) else table(part) for part in script)


def plain_line(line: Line) -> str:
    return f"<{TAGS[line.role]}>{escape(line.text)}</{TAGS[line.role]}>"


def bold_line(line: Line) -> str:
    text = escape(line.text)
    return f"<p>{text}</p>" if line.role in ("text", "signature") else f"<p align='center'><strong>{text}</strong></p>"


def word_line(line: Line) -> str:
    half = len(line.text) // 2
    runs = "".join(f"<span lang='EN-US' style='font-family:仿宋_GB2312;mso-hansi-font-family:宋体'>{escape(text)}</span>"
                   for text in (line.text[:half], line.text[half:]) if text)
    return f"<p class='MsoNormal' style='text-indent:32.0pt;mso-char-indent-count:2.0'>{runs}<o:p></o:p></p>"


def plain_table(table: Table) -> str:
    rows = "".join("<tr>" + "".join(_td(box) for box in row) + "</tr>" for row in table.rows)
    return f"<table border='1'>{rows}</table>"


def headed_table(table: Table) -> str:
    rows = ["<tr>" + "".join(_td(box, "th" if box.head else "td") for box in row) + "</tr>" for row in table.rows]
    return f"<table><thead>{rows[0]}</thead><tbody>{''.join(rows[1:])}</tbody></table>"


def word_table(table: Table) -> str:
    rows = "".join("<tr style='mso-yfti-irow:1'>" + "".join(_word_td(box) for box in row) + "</tr>" for row in table.rows)
    return f"<table class='MsoNormalTable' border=1 cellspacing=0 style='mso-table-layout-alt:fixed'>{rows}</table>"


def _td(box: Box, tag: str = "td") -> str:
    return f"<{tag}{_spans(box)}>{_text(box.text)}</{tag}>"


def _word_td(box: Box) -> str:
    text = _text(box.text) or "&nbsp;"
    return (f"<td{_spans(box)} valign=top style='border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt'>"
            f"<p class=MsoNormal align=center><span lang=EN-US>{text}</span><span style='mso-spacerun:yes'></span>"
            "<o:p></o:p></p></td>")


def _spans(box: Box) -> str:
    return (f" rowspan='{box.rows}'" if box.rows > 1 else "") + (f" colspan='{box.columns}'" if box.columns > 1 else "")


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>").replace("\u00a0", "&nbsp;").replace("\u3000", "&#12288;")


def narrow(table: Table) -> Table:
    """A sub-table of section 二 without the stretched cells; other tables as they are."""
    if not table.part.startswith("art20"):
        return table
    width = max(len(row) for row in table.rows)
    rows = [tuple(Box(box.text, box.rows, 1, box.head) for box in row) for row in table.rows]
    rows[0] = (Box(rows[0][0].text, 1, width, True),)
    return Table(tuple(rows), table.part)


def cms_page(truth: Truth, *, body: str = "", attachments: str = "", date: str = "", site: str = "示范政府门户网站",
             charset: str = "utf-8", title: str = "", template: str = PORTAL) -> str:
    """The article as a portal's CMS serves it; `body` replaces the report, `attachments` is the markup below it.

    `date` is the day of publication, `charset` what the page claims, `title` what the CMS calls it.
    """
    date = date or f"{truth.year + 1}-01-20"
    name = escape(title or truth.title or "政府信息公开工作年度报告")
    metas = {"SiteName": site, "SiteIDCode": f"{truth.division_code}0001", "ArticleTitle": name,
             "PubDate": f"{date} 09:30", "ContentSource": truth.agency, "ColumnName": "政府信息公开年报"}
    head = "".join(f"<meta name='{key}' content='{value}'>" for key, value in metas.items())
    lines: Script = tuple(part for part in truth.script if not (isinstance(part, Line) and part.role == "title"))
    shown = body or article(lines, line=bold_line, table=plain_table)
    return template.format(charset=charset, name=name, head=head, css=RULED, body=shown, date=date, source=truth.agency,
                           site=site, attachments=attachments)
