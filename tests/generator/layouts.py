"""Every way a report can be published, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.generator import docx, flat, html, odt, paper, pdf, rtf
from tests.generator.model import Truth


@dataclass(frozen=True, slots=True)
class Layout:
    """How to render. `solid`: blank cells cannot be told in this layout; `same_words`: nothing is added to the text."""

    render: Callable[[Truth], bytes]
    media_type: str
    suffix: str
    solid: bool = False
    same_words: bool = True


def _html(render: Callable[[Truth], bytes], **options: bool) -> Layout:
    return Layout(render, "text/html", "html", **options)


def _docx(render: Callable[[Truth], bytes], **options: bool) -> Layout:
    return Layout(render, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", **options)


def _text(render: Callable[[Truth], bytes], **options: bool) -> Layout:
    return Layout(render, "text/plain", "txt", **options)


def _pdf(render: Callable[[Truth], bytes], **options: bool) -> Layout:
    return Layout(render, "application/pdf", "pdf", **options)


LAYOUTS: Mapping[str, Layout] = {
    "html_clean": _html(html.clean),
    "html_pieces": _html(html.pieces),
    "html_one_table": _html(html.one_table),
    "html_wrong_spans": _html(html.wrong_spans),
    "html_word": _html(html.word),
    "html_portal": _html(html.portal),
    "html_gbk": _html(html.gbk),
    "docx_clean": _docx(docx.clean),
    "docx_numbered": _docx(docx.numbered),
    "docx_tracked": _docx(docx.tracked),
    "docx_controls": _docx(docx.controls),
    "docx_nested": _docx(docx.nested),
    "docx_boxed_title": _docx(docx.boxed_title),
    "odt_clean": Layout(odt.clean, odt.TYPE, "odt"),
    "rtf_unicode": Layout(rtf.unicode, "application/rtf", "rtf"),
    "rtf_gbk": Layout(rtf.gbk, "application/rtf", "rtf"),
    "paper_ruled": _pdf(paper.ruled),
    "paper_landscape": _pdf(paper.landscape),
    "paper_borderless": _pdf(paper.borderless),
    "text_one_cell_per_line": _text(flat.one_cell_per_line),
    "text_pipes": _text(flat.pipes),
    "text_tabs": _text(flat.tabs),
    "text_browser": _text(flat.browser),
    "text_browser_paragraphs": _text(flat.browser_paragraphs),
    "text_spaces": _text(flat.spaces, solid=True),
    "text_markdown": _text(flat.markdown),
}
PDF_LAYOUTS = tuple(pdf.STYLES)
