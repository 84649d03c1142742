"""OpenDocument texts made here member by member."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers.exceptions import Damaged, Empty, Encrypted, TooLarge
from parsers.models import Document, Grid, Paragraph
from parsers.readers import odt

NAMES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in
                 ("office", "text", "table", "style", "drawing"))
SPACES = NAMES + ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:loext=' \
    '"urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
CHINESE = ('<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." '
           'style:num-suffix="、"/><text:list-level-style-number text:level="2" style:num-format="1" style:num-prefix="（" '
           'style:num-suffix="）"/></text:list-style>')


def package(body: str, styles: str = "", **members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", f"<office:document-content {SPACES}><office:automatic-styles>{styles}"
                         f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
                         "</office:document-content>")
        for name, text in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)
    return buffer.getvalue()


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{p(text)}</table:table-cell>"


def table(*rows: str) -> str:
    return "<table:table>" + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows) + "</table:table>"


def texts(made: Document) -> list[str]:
    return [block.text for block in made.blocks if isinstance(block, Paragraph)]


def places(made: Document) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.rowspan, c.colspan, c.text) for b in made.blocks if isinstance(b, Grid) for c in b.cells]


def test_paragraphs_headings_and_spaces() -> None:
    made = odt.read(package('<text:h text:outline-level="2">总体</text:h>' + p('甲<text:s text:c="2"/>乙<text:line-break/>丙')))
    assert made.blocks == (Paragraph("总体", "p 1", 2), Paragraph("甲  乙", "p 2"), Paragraph("丙", "p 3"))


def test_tracked_deletions_comments_and_hidden_text_are_not_read() -> None:
    styles = '<style:style style:name="V" style:family="text"><style:text-properties text:display="none"/></style:style>'
    body = (f"<text:tracked-changes><text:changed-region><text:deletion>{p('删')}</text:deletion></text:changed-region>"
            "</text:tracked-changes>"
            + p('见<text:span text:style-name="V">藏</text:span><office:annotation><text:p>批</text:p>'
                                          "</office:annotation>尾"))
    assert texts(odt.read(package(body, styles))) == ["见尾"]


def test_notes_come_last() -> None:
    note = ("<text:note><text:note-citation>1</text:note-citation>"
            f"<text:note-body>{p('注')}</text:note-body></text:note>")
    assert texts(odt.read(package(p("正文" + note) + p("后")))) == ["正文", "后", "注"]


def test_list_numbers_are_written_out_and_lists_go_on() -> None:
    def listed(inner: str, more: str = "") -> str:
        return f'<text:list text:style-name="L" {more}><text:list-item>{inner}</text:list-item></text:list>'

    deeper = f"<text:list><text:list-item>{p('细')}</text:list-item><text:list-item>{p('目')}</text:list-item></text:list>"
    body = (listed(p("总体") + deeper) + p("中") + listed(p("主动"), 'text:continue-numbering="true"') + listed(p("另"))
            + listed(p("跳")).replace("<text:list-item>", '<text:list-item text:start-value="5">'))
    assert texts(odt.read(package(body, CHINESE))) == ["一、总体", "（1）细", "（2）目", "中", "二、主动", "一、另", "五、跳"]


def test_spans_covered_and_repeated_cells() -> None:
    blank = '<table:table-cell table:number-columns-repeated="16000"/>'
    made = odt.read(package(table(
        cell("甲", 'table:number-columns-spanned="2"') + "<table:covered-table-cell/>"
        + cell("乙", 'table:number-rows-spanned="2"'),
        cell("0", 'table:number-columns-repeated="2"') + "<table:covered-table-cell/>" + blank)))
    assert places(made)[:4] == [(0, 0, 1, 2, "甲"), (0, 2, 2, 1, "乙"), (1, 0, 1, 1, "0"), (1, 1, 1, 1, "0")]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    frame = f"<draw:frame><draw:text-box>{p('框')}</draw:text-box></draw:frame>"
    assert texts(odt.read(package(p("文" + frame + "字")))) == ["文字", "框"]


def test_pictures_are_an_issue() -> None:
    made = odt.read(package(p("文<draw:frame><draw:image/></draw:frame>")))
    assert [issue.kind for issue in made.issues] == ["picture"]


def test_a_locked_file_is_encrypted() -> None:
    with pytest.raises(Encrypted):
        odt.read(package(p("x"), **{"META-INF__manifest": "<m><encryption-data/></m>"}))


def test_a_file_without_words_is_empty_and_a_cut_one_damaged() -> None:
    with pytest.raises(Empty):
        odt.read(package(p("")))
    with pytest.raises(Damaged):
        odt.read(package(p("正文"))[:80])


def test_repeats_of_millions_and_endless_nesting_do_no_harm() -> None:
    huge = table(*[cell("1", 'table:number-columns-repeated="9999999" table:number-rows-spanned="9999999"')] * 3)
    assert len(places(odt.read(package(p("文") + huge)))) <= 300
    with pytest.raises(TooLarge):
        odt.read(package("<text:section>" * 3000 + p("底") + "</text:section>" * 3000))
