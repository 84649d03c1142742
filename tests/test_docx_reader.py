"""Word files in XML, made here part by part: what prints is read, what does not print is not."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.exceptions import Damaged, Empty, Encrypted, TooLarge
from parsers.models import Document, Grid, Paragraph
from parsers.readers import docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
SPACES = (f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
          'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
          'xmlns:v="urn:schemas-microsoft-com:vml" '
          'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
          'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"')


def package(body: str, **parts: str) -> bytes:
    """A .docx holding `body`; `parts` are further members of word/ by their stem."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {SPACES}><w:body>{body}</w:body></w:document>")
        for stem, inner in parts.items():
            archive.writestr(f"word/{stem}.xml", f"<w:{stem} {SPACES}>{inner}</w:{stem}>")
    return buffer.getvalue()


def p(text: str = "", properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tr(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grid(document: Document) -> Grid:
    found = [block for block in document.blocks if isinstance(block, Grid)]
    assert len(found) == 1
    return found[0]


def places(made: Grid) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in made.cells]


def numbered(form: str, template: str, start: int = 1) -> str:
    return (f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{template}"/></w:lvl>')


def listed(level: int = 0, number: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def numbering(levels: str, more: str = "") -> str:
    return (f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
            f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{more}')


def test_paragraphs_know_their_place_and_level() -> None:
    document = docx.read(package(p("甲局年度报告", '<w:outlineLvl w:val="0"/>') + p("  ") + p("正文")))
    assert document.blocks == (Paragraph("甲局年度报告", "p 1", 1), Paragraph("正文", "p 2", 0))


def test_a_line_break_ends_a_paragraph() -> None:
    body = "<w:p><w:r><w:t>甲局</w:t><w:br/><w:t>年度报告</w:t><w:tab/><w:t>尾</w:t></w:r></w:p>"
    assert texts(docx.read(package(body))) == ["甲局", "年度报告\t尾"]


def test_heading_levels_come_from_inherited_styles() -> None:
    styles = ('<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/></w:style>'
              '<w:style w:type="paragraph" w:styleId="9"><w:name w:val="own"/><w:basedOn w:val="2"/></w:style>'
              '<w:style w:type="paragraph" w:styleId="r"><w:name w:val="ring"/><w:basedOn w:val="r"/></w:style>')
    body = p("一、总体情况", '<w:pStyle w:val="9"/>') + p("环", '<w:pStyle w:val="r"/>')
    assert [b.heading for b in docx.read(package(body, styles=styles)).blocks if isinstance(b, Paragraph)] == [2, 0]


@pytest.mark.parametrize(("form", "template", "start", "shown"), [
    ("chineseCounting", "%1、", 1, "一、"),
    ("chineseCountingThousand", "（%1）", 21, "（二十一）"),
    ("chineseCountingThousand", "%1、", 105, "一百零五、"),
    ("ideographTraditional", "%1、", 3, "丙、"),
    ("decimalEnclosedCircle", "%1", 10, "⑩ "),
    ("decimalEnclosedCircleChinese", "%1", 21, "㉑ "),
    ("upperLetter", "%1)", 28, "BB)"),
    ("lowerRoman", "%1.", 14, "xiv. "),
    ("decimal", "第%1条", 4, "第4条 "),
    ("bullet", "\uf0b7", 1, ""),
    ("none", "", 1, ""),
])
def test_automatic_numbers_are_written_out(form: str, template: str, start: int, shown: str) -> None:
    document = docx.read(package(p("总体情况", listed()), numbering=numbering(numbered(form, template, start))))
    assert texts(document) == [shown + "总体情况"]


def test_lower_levels_start_again_and_templates_name_higher_ones() -> None:
    levels = (numbered("decimal", "%1.") + '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
              '<w:lvlText w:val="%1.%2"/></w:lvl>')
    body = "".join(p("x", listed(level)) for level in (0, 1, 1, 0, 1))
    assert texts(docx.read(package(body, numbering=numbering(levels)))) == ["1. x", "1.1 x", "1.2 x", "2. x", "2.1 x"]


def test_a_second_list_of_the_same_kind_counts_on_unless_it_forces_a_start() -> None:
    more = ('<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="7"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>')
    body = "".join(p("x", listed(0, number)) for number in (1, 2, 3, 3))
    shown = texts(docx.read(package(body, numbering=numbering(numbered("chineseCounting", "%1、"), more))))
    assert shown == ["一、x", "二、x", "一、x", "二、x"]


def test_a_number_may_come_from_the_style_and_be_taken_away_again() -> None:
    styles = f'<w:style w:type="paragraph" w:styleId="h"><w:name w:val="标题 1"/><w:pPr>{listed()}</w:pPr></w:style>'
    body = p("总体", '<w:pStyle w:val="h"/>') + p("无号", '<w:pStyle w:val="h"/>' + listed(0, 0))
    document = docx.read(package(body, styles=styles, numbering=numbering(numbered("chineseCounting", "%1、"))))
    assert texts(document) == ["一、总体", "无号"]


def test_an_unknown_form_of_number_is_an_issue() -> None:
    document = docx.read(package(p("x", listed()), numbering=numbering(numbered("hebrew1", "%1."))))
    assert texts(document) == ["1. x"]
    assert [issue.kind for issue in document.issues] == ["numbering"]


def test_insertions_stay_and_deletions_go() -> None:
    body = ("<w:p><w:ins><w:r><w:t>收到</w:t></w:r></w:ins><w:del><w:r><w:delText>二</w:delText></w:r></w:del>"
            "<w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>三件</w:t></w:r></w:moveTo></w:p>")
    assert texts(docx.read(package(body))) == ["收到三件"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    assert texts(docx.read(package(p("总体", gone) + p("情况") + p("末段", gone)))) == ["总体情况", "末段"]


def test_a_deleted_row_and_a_hidden_row_are_not_read() -> None:
    gone = "<w:tr><w:trPr><w:del/></w:trPr>" + tc("旧") + tc("1") + "</w:tr>"
    hidden = "<w:tr><w:trPr><w:hidden/></w:trPr>" + tc("藏") + tc("2") + "</w:tr>"
    assert places(grid(docx.read(package(tbl(gone, hidden, tr(tc("新"), tc("3"))))))) == [(0, 0, 1, 1, "新"), (0, 1, 1, 1, "3")]


def test_hidden_text_is_not_read_whether_by_run_or_by_style() -> None:
    styles = '<w:style w:type="character" w:styleId="v"><w:name w:val="v"/><w:rPr><w:vanish/></w:rPr></w:style>'
    body = p("藏", run="<w:vanish/>") + p("藏", run='<w:rStyle w:val="v"/>') + p("见", run='<w:vanish w:val="0"/>')
    assert texts(docx.read(package(body, styles=styles))) == ["见"]


def test_field_codes_go_and_their_results_stay() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    body = (f"<w:p>{mark('begin')}<w:r><w:instrText> DATE </w:instrText><w:t>码</w:t></w:r>{mark('separate')}"
            f"<w:r><w:t>2024年</w:t></w:r>{mark('end')}<w:bookmarkStart w:name='_GoBack'/><w:r><w:t>印发</w:t></w:r></w:p>")
    assert texts(docx.read(package(body))) == ["2024年印发"]


def test_a_field_that_never_ends_swallows_nothing_after_its_paragraph() -> None:
    body = '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC</w:instrText></w:r></w:p>' + p("正文")
    assert texts(docx.read(package(body))) == ["正文"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('框内')}</w:txbxContent>"
    body = (f"<w:p><w:r><w:t>框外</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}"
            f"</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>")
    assert texts(docx.read(package(body))) == ["框外", "框内"]


def test_content_controls_may_hold_paragraphs_runs_rows_and_cells() -> None:
    def sdt(inner: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    body = (sdt(p("段")) + f"<w:p>{sdt('<w:r><w:t>行内</w:t></w:r>')}</w:p>"
            + tbl(sdt(tr(tc("规章"), sdt(tc("0")))), tr(tc("规范性文件"), tc("3"))))
    document = docx.read(package(body))
    assert texts(document) == ["段", "行内"]
    assert [c.text for c in grid(document).cells] == ["规章", "0", "规范性文件", "3"]


def test_spans_and_vertical_merges_become_cells_at_their_places() -> None:
    body = tbl(
        tr(tc("信息内容", '<w:vMerge w:val="restart"/>'), tc("申请人", '<w:gridSpan w:val="2"/>')),
        tr(tc("盖住", "<w:vMerge/>"), tc("自然人"), tc("企业")),
        tr(tc("一", "<w:vMerge/>"), tc("1"), tc("2")),
        tr(tc("二"), tc("3"), tc("4")),
    )
    made = grid(docx.read(package(body)))
    assert places(made) == [(0, 0, 3, 1, "信息内容"), (0, 1, 1, 2, "申请人"), (1, 1, 1, 1, "自然人"), (1, 2, 1, 1, "企业"),
                            (2, 1, 1, 1, "1"), (2, 2, 1, 1, "2"), (3, 0, 1, 1, "二"), (3, 1, 1, 1, "3"), (3, 2, 1, 1, "4")]
    assert made.cells[-1].where == "table 1 row 4"


def test_a_row_may_begin_later_and_legacy_merges_widen_the_cell_before() -> None:
    late = '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("迟") + tc("到") + "</w:tr>"
    merged = tr(tc("甲", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("乙"))
    assert places(grid(docx.read(package(tbl(late, merged))))) == [
        (0, 1, 1, 1, "迟"), (0, 2, 1, 1, "到"), (1, 0, 1, 2, "甲"), (1, 2, 1, 1, "乙")]


def test_columns_at_which_no_cell_begins_are_dropped() -> None:
    body = tbl(tr(tc("甲", '<w:gridSpan w:val="3"/>'), tc("乙", '<w:gridSpan w:val="900000000"/>')),
               tr(tc("1", '<w:gridSpan w:val="3"/>'), tc("2")))
    assert places(grid(docx.read(package(body)))) == [
        (0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 0, 1, 1, "1"), (1, 1, 1, 1, "2")]


def test_a_table_that_only_frames_the_text_is_opened() -> None:
    inner = tbl(tr(tc("规章"), tc("0")), tr(tc("行政许可"), tc("12")))
    body = tbl(tr(f"<w:tc>{p('二、主动公开')}{inner}{p('三、收到申请')}</w:tc>"))
    document = docx.read(package(body))
    assert [b.text if isinstance(b, Paragraph) else "grid" for b in document.blocks] == ["二、主动公开", "grid", "三、收到申请"]


def test_footnotes_come_last_and_leave_no_mark_in_the_numbers() -> None:
    notes = ('<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
             '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t>含上年</w:t></w:r></w:p></w:footnote>')
    cell = '<w:tc><w:p><w:r><w:t>12</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p></w:tc>'
    document = docx.read(package(tbl(tr(tc("总计"), cell)), footnotes=notes))
    assert [c.text for c in grid(document).cells] == ["总计", "12"]
    assert texts(document) == ["含上年"]


def test_headers_and_footers_are_kept_out() -> None:
    assert texts(docx.read(package(p("正文"), header1=p("页眉"), footer1=p("- 1 -")))) == ["正文"]


def test_the_strict_edition_reads_alike() -> None:
    plain = package(p("正文") + tbl(tr(tc("规章"), tc("0"))))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(W.encode(), STRICT.encode()))
    assert docx.read(buffer.getvalue()).blocks == docx.read(plain).blocks


def test_a_main_part_of_another_name_is_found_through_its_relationship() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                         '<Relationship Id="a" Type="http://x/relationships/officeDocument" Target="/word/document2.xml"/>'
                         "</Relationships>")
        archive.writestr("word\\document2.xml", f"<w:document {SPACES}><w:body>{p('正文')}</w:body></w:document>")
        archive.writestr("docProps/core.xml", '<x xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>题名</dc:title></x>')
    document = docx.read(buffer.getvalue())
    assert (document.title, texts(document)) == ("题名", ["正文"])


def test_word_2003_xml_reads_with_its_literal_numbers() -> None:
    data = ('<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
            '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
            'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xmlns:aml="http://schemas.microsoft.com/aml/2001/core">'
            '<w:body><wx:sect><w:p><w:pPr><w:listPr><w:ilvl w:val="0"/><wx:t wx:val="一、"/></w:listPr></w:pPr>'
            '<w:r><w:t>总体情况</w:t></w:r><aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:t>删</w:t></w:r>'
            '</aml:content></aml:annotation></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:vmerge w:val="restart"/></w:tcPr><w:p><w:r>'
            '<w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vmerge/>'
            '</w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl></wx:sect></w:body>'
            '</w:wordDocument>').encode()
    document = docx.read(data)
    assert texts(document) == ["一、总体情况"]
    assert places(grid(document)) == [(0, 0, 2, 1, "甲"), (0, 1, 1, 1, "1"), (1, 1, 1, 1, "2")]
    assert document.media_type == "application/x-wordml"


def test_large_pictures_are_an_issue() -> None:
    picture = ('<w:p><w:r><w:drawing><wp:inline><wp:extent cx="5000000" cy="4000000"/><a:blip/></wp:inline></w:drawing>'
               "</w:r></w:p>")
    assert [issue.kind for issue in docx.read(package(p("表如下") + picture)).issues] == ["picture"]


def test_a_file_without_words_is_empty() -> None:
    with pytest.raises(Empty):
        docx.read(package(p("")))


def test_a_cut_file_is_damaged() -> None:
    data = package(p("正文" * 500))
    for size in (10, 60, len(data) // 2, len(data) - 5):
        with pytest.raises(Damaged):
            docx.read(data[:size])


@pytest.mark.parametrize("depth", [300, 3000])
def test_tables_nested_beyond_all_measure_are_refused(depth: int) -> None:
    with pytest.raises(TooLarge):
        docx.read(package("<w:tbl><w:tr><w:tc>" * depth + p("底") + "</w:tc></w:tr></w:tbl>" * depth))


def test_a_zip_bomb_is_refused_unopened() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (65 << 20))
    with pytest.raises(TooLarge):
        docx.read(buffer.getvalue())


@pytest.mark.parametrize("definition", ['<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/passwd">'])
def test_entities_are_refused(definition: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", f'<!DOCTYPE w:document [{definition}]><w:document xmlns:w="{W}"><w:body>'
                         "<w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>")
    with pytest.raises(Damaged):
        docx.read(buffer.getvalue())


def test_a_locked_member_is_encrypted() -> None:
    data = bytearray(package(p("正文")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    with pytest.raises(Encrypted):
        docx.read(bytes(data))


@pytest.mark.parametrize(("run", "shown"), [
    ("", []), ("<w:strike w:val='0'/>", []), ("<w:vanish w:val='0'/>", ["内"]), ("<w:vanish w:val='0'/><w:dstrike/>", [])])
def test_a_run_shows_what_its_style_hides_only_where_it_says_so_itself(run: str, shown: list[str]) -> None:
    secret = '<w:style w:type="paragraph" w:styleId="S"><w:rPr><w:vanish/></w:rPr></w:style>'
    document = docx.read(package(p("外") + p("内", "<w:pStyle w:val='S'/>", run), styles=secret))
    assert texts(document) == ["外", *shown]


#: what stands in paragraphs, and what a paragraph and a cell are told to be; the last of each are seldom
RUNS = ("<w:r><w:t>3</w:t></w:r>", "<w:r><w:rPr><w:b/><w:sz w:val='21'/></w:rPr><w:t xml:space='preserve'> 规章 </w:t></w:r>",
        "<w:r><w:br/></w:r>", "<w:r/>", "<w:bookmarkStart w:id='0'/>", "<w:r><w:t>甲\n乙</w:t><w:br/><w:t>丙</w:t></w:r>",
        "<w:r><w:tab/><w:t>4</w:t></w:r>", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>5</w:t></w:r>",
        "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r>", "<w:ins><w:r><w:t>6</w:t></w:r></w:ins>",
        "<w:smartTag><w:smartTagPr><w:attr w:name='a' w:val='1'/></w:smartTagPr><w:r><w:t>2024年</w:t></w:r></w:smartTag>",
        "<w:hyperlink><w:r><w:t>网站</w:t></w:r></w:hyperlink>",
        "<w:fldSimple w:instr='DATE'><w:r><w:t>8</w:t></w:r></w:fldSimple>",
        "<w:del><w:r><w:delText>7</w:delText></w:r></w:del>", "<w:moveFrom><w:r><w:t>8</w:t></w:r></w:moveFrom>",
        "<w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText></w:r>")
LOOKS = ("", "<w:jc w:val='center'/><w:rPr><w:b/></w:rPr>", "<w:pStyle w:val='Title'/>", "<w:outlineLvl w:val='1'/>",
         "<w:pStyle w:val='Secret'/>", "<w:pStyle w:val='Listed'/>", "<w:rPr><w:del/></w:rPr>", listed())
SPANS = ("", "<w:tcW w:w='700'/><w:vAlign w:val='center'/>", "<w:gridSpan w:val='2'/>", "<w:vMerge w:val='restart'/>",
         "<w:vMerge/>", "<w:gridSpan w:val='2'/><w:vMerge/>", "<w:hMerge/>", "<w:cellDel/>")
STYLED = ('<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="heading 1"/></w:style>'
          '<w:style w:type="paragraph" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
          f'<w:style w:type="paragraph" w:styleId="Listed"><w:pPr>{listed()}</w:pPr></w:style>')
UNKNOWN = "<w:permStart/>"            # says nothing, and the flat pass does not know it


def mostly_first(choices: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(choices[:3]), st.sampled_from(choices[:3]), st.sampled_from(choices))


def paragraphs(inside: str) -> st.SearchStrategy[str]:
    runs = st.lists(mostly_first(RUNS), max_size=3).map("".join)
    return st.builds(f"<w:p><w:pPr>{{}}</w:pPr>{{}}{inside}</w:p>".format, mostly_first(LOOKS), runs)


def bodies(inside: str) -> st.SearchStrategy[str]:
    cell = st.builds("<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>".format, mostly_first(SPANS),
                     st.lists(paragraphs(inside), min_size=1, max_size=2).map("".join))
    rows = st.lists(st.lists(cell, min_size=1, max_size=3).map(lambda cells: tr(*cells)), min_size=1, max_size=3)
    return st.lists(st.one_of(paragraphs(inside), rows.map(lambda made: tbl(*made))), min_size=1, max_size=3).map("".join)


@given(bodies(UNKNOWN))
def test_the_flat_pass_says_what_the_full_reading_says(body: str) -> None:
    def said(words: str) -> object:
        try:
            return docx.read(package(words, styles=STYLED, numbering=numbering(numbered("decimal", "%1."))))
        except Empty as error:
            return str(error)

    assert said(body.replace(UNKNOWN, "")) == said(body)
