"""The shape of a report: its parts, their numbers and headings, the tables under them, what conversion left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from parsers import labels, narrative, schema
from parsers.checks import sums
from parsers.checks.rules import Finding, Material, nominal_format, rule
from parsers.checks.words import name
from parsers.headings import heading, official
from parsers.models import Document, Grid, GridCell, Paragraph, Section
from parsers.text import squeeze
from parsers.values import ARTEFACT

HAN = "一二三四五六七八九十"
TABLES = ("proactive", "requests", "remedies")
_LABEL_TABLES = ("request_columns", "request_rows", "request_groups", "proactive_columns", "proactive_rows", "remedy_groups",
                 "remedy_results")
_SECTIONS: Mapping[str, str] = {s["id"]: s["zh"] for s in schema.load("sections")["sections"] if "no" in s}
_NUMBERS: Mapping[str, int] = {s["id"]: s["no"] for s in schema.load("sections")["sections"] if "no" in s}
_GRAVE = frozenset({"proactive", "requests", "remedies", "problems"})
_TOO_LITTLE = 200          # characters: a file with less holds no report text, its parts cannot be told
_TOP_NUMBER = re.compile(rf"^[{HAN}]{{1,2}}、.{{2,40}}$")
_BRACKETED = re.compile(rf"^\((?:([{HAN}]{{1,2}})|(\d{{1,2}}))\)")
_FURNITURE = re.compile(r"附件|^\d+$|打印|关闭|分享|上一篇|下一篇|扫一扫|版权|责任编辑|联系|电话|来源|\[.{0,8}\]|\|")
_LEAST_SENTENCE, _LONGEST_HEADING = 15, 45
_MANY_BROKEN = 0.2         # share of torn paragraphs above which the reader's lines, not the author's, are torn
_SHOWN, _NAMED = 20, 4
_LEFTOVERS = re.compile(r"\{\{.{0,500}?\}\}|错误!未找到引用源|Error!\s?Reference source|PAGE\s*\\\*|EMBED\s+\S+|HYPERLINK\s+\"")
_RESIDUE_SIGN = re.compile(r"[\[\\_!{]|EMBED|HYPERLINK")     # what any of them contains
_PINYIN = re.compile(r"\((?<=[\u4e00-\u9fff]\()(?!pdf|docx?|xlsx?|jpg|png|wps|ofd|zip|rar)"
                     r"[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,6}\)")
_SPAM = re.compile(r"bet365|beat365|uedbet|博彩|娱乐城|威尼斯人|皇冠体育|澳门新葡|棋牌|开户送|彩票平台|真人视讯|亚博")
_TRADITIONAL = re.compile("[報開機關請總計務處類條規範訴訟復議辦結轉據與為數實現發國務辦員單進門網說問題對設體]")
_FEW_SIGNS, _TRADITIONAL_SHARE = 5, 0.02
_SAMPLE = 4_000            # characters: a clone changes every paragraph


@rule("S01_section_missing")
def section_missing(material: Material) -> Iterator[Finding]:
    """A part of which neither heading nor table is there."""
    if len(material.report.text) < _TOO_LITTLE and not material.sections:
        yield Finding("not_assessable", "文字太少，看不出各部分")
        return
    last = ""
    for section_id, zh in _SECTIONS.items():
        here = next((s for s in material.report.sections if s.id == section_id), None)
        if here:
            last = here.where
        elif not material.has_table(section_id):
            yield Finding("fail", f"没有第{HAN[_NUMBERS[section_id] - 1]}部分“{zh}”", f"{section_id} {last}".strip(),
                          severity="error" if section_id in _GRAVE else "warning")


@rule("S02_numbering_broken")
def numbering_broken(material: Material) -> Iterator[Finding]:
    """Top headings not numbered 一 to 六, sub-headings that reuse those numbers, or change their style."""
    oddities = [*_top_numbers(material.report.sections), *_reused(material), *_mixed(material.passages)]
    if oddities:
        words = "；".join(dict.fromkeys(word for word, _ in oddities))
        yield Finding("fail", f"编号：{words}", oddities[0][1])


@rule("S03_heading_variant")
def heading_variant(material: Material) -> Iterator[Finding]:
    """Headings and labels of tables that are not those of the form."""
    varied = [(s.title, s.where) for s in material.report.sections
              if s.id in _SECTIONS and (named := heading(s.title)) and not official(named)]
    varied += _label_variants(material)
    if varied:
        words = "、".join(f"“{' '.join(word.split())}”" for word in dict.fromkeys(word for word, _ in varied))
        yield Finding("fail", f"与统一格式的用语不同：{words}", varied[0][1])


@rule("S04_table_missing")
def table_missing(material: Material) -> Iterator[Finding]:
    """A heading without the table that must stand below it."""
    for section in material.report.sections:
        if section.id in TABLES and not material.has_table(section.id):
            yield Finding("fail", f"“{section.title}”下没有表格，可能是图片或附件", f"{section.id} {section.where}".strip())


@rule("S05_row_count")
def row_count(material: Material) -> Iterator[Finding]:
    """Rows of section 三 that the form has and the report has not, or the other way round."""
    version = sums.request_version(material.tables)
    due = sums.request_rows(version)
    missing = [row for row in due if row not in material.tables.requests]
    surplus = [row for row in material.tables.requests if row not in due]
    if missing or surplus:
        odd_rows = "；".join(f"{word}：{'、'.join(name(row) for row in rows)}"
                             for word, rows in (("缺", missing), ("多", surplus)) if rows)
        there = len(material.tables.requests)
        yield Finding("fail", f"申请表应有 {len(due)} 行，实有 {there} 行；{odd_rows}", "requests", there, len(due))
    for kind, words in (("unknown-row", "有数字的行不在格式之内"), ("duplicate-table", "同样的表不止一张")):
        if odd := [issue.where for issue in material.tables.issues if issue.kind == kind]:
            yield Finding("fail", f"{words}（{len(odd)} 处）", f"{kind} {odd[0]}".strip(), len(odd))


@rule("S06_column_count")
def column_count(material: Material) -> Iterator[Finding]:
    """Rows with too many values, or whose values lost their columns."""
    surplus = [issue.where for issue in material.tables.issues if issue.kind == "surplus-values"]
    if surplus:
        yield Finding("fail", f"{len(surplus)} 行的数值多于列数", surplus[0], len(surplus), severity="warning")
    if lost := material.by_status.get("position_lost"):
        rows = list(dict.fromkeys(cell_id.split(".")[0] for _, cell_id, _ in lost))
        yield Finding("fail", f"{len(rows)} 行的数值失去了所在的列：{'、'.join(name(row) for row in rows[:_NAMED])}",
                      lost[0][2].where, len(lost), severity="info")
    missing = [row for row, cells in material.tables.requests.items() if len(cells) < 7]
    if missing:
        short = "、".join(name(row) for row in missing[:_NAMED])
        yield Finding("fail", f"{len(missing)} 行的数值少于列数：{short}", "requests", len(missing), severity="warning")


@rule("S07_format_vs_year")
def format_vs_year(material: Material) -> Iterator[Finding]:
    """Tables of another year's form."""
    if material.year is None:
        return
    due = nominal_format(material.year)
    for table in TABLES:
        used = material.tables.formats.get(table)
        if used and used != due:
            yield Finding("fail", f"{material.year} 年度应用 {due} 格式，{_SECTIONS[table]}用了 {used}", table)
            return


@rule("S08_mixed_format")
def mixed_format(material: Material) -> Iterator[Finding]:
    """Sections 二 and 三 of two different forms."""
    formats = material.tables.formats
    one, other = formats.get("proactive"), formats.get("requests")
    if one and other and one != other:
        yield Finding("fail", f"第二部分用 {one} 格式，第三部分用 {other} 格式", "requests")


@rule("S09_page_split")
def page_split(material: Material) -> Iterator[Finding]:
    """A table cut in two by a page."""
    cut = next((issue for issue in material.tables.issues if issue.kind == "page-split"), None)
    if cut:
        yield Finding("fail", "表格被分页拆断", cut.where)


@rule("S10_converter_artefact")
def converter_artefact(material: Material) -> Iterator[Finding]:
    """Field codes and bookmarks in the text, and paragraphs torn apart."""
    if _residue(material.report.text):
        for part in _parts(material.document):
            if found := _residue(part.text):
                yield Finding("fail", f"转换残留“{found[0][:40]}”", part.where)
    broken = list(_broken(material))
    if broken and len(broken) <= max(2, _MANY_BROKEN * len(material.passages)):
        for above, below, where in broken:
            yield Finding("fail", f"句子被断成两段：“{above[-_SHOWN:]}”／“{below[:_SHOWN]}”", where)


@rule("S11_truncated_text")
def truncated_text(material: Material) -> Iterator[Finding]:
    """Paragraphs that stop in mid-sentence before a new heading."""
    for passage, after in pairwise(material.passages):
        text = passage.text
        stops = text[-1] not in "。;:!?…,”\"》)】." and text[-1] != "、"
        if stops and passage.section and after.section and _sentence_in(text):
            yield Finding("fail", f"句子没有写完：“…{text[-_SHOWN:]}”", passage.where)


@rule("S12_title_missing")
def title_missing(material: Material) -> Iterator[Finding]:
    """No line of the file reads as its title."""
    if not material.outline.title and not material.document.title:
        yield Finding("fail", "文中没有标题")


@rule("S13_no_signature_date")
def no_signature_date(material: Material) -> Iterator[Finding]:
    """Neither a date below the text nor one of the page."""
    if not material.report.published_on and not material.signed:
        yield Finding("fail", "没有落款日期，页面也没有发布日期")


@rule("S14_corrupted_or_cloned_text")
def corrupted_text(material: Material) -> Iterator[Finding]:
    """Signs of a clone: pinyin in brackets, gambling words, traditional characters throughout."""
    text = material.report.text[:_SAMPLE]
    if len(_PINYIN.findall(text)) >= _FEW_SIGNS:
        yield Finding("fail", "正文夹有拼音，属于镜像站改动过的文本", "pinyin")
    if found := _SPAM.search(text.lower()):
        yield Finding("fail", f"文中有与政府信息无关的词“{found[0]}”", "spam")
    strange = len(_TRADITIONAL.findall(text))
    if strange >= _FEW_SIGNS * 2 and strange > _TRADITIONAL_SHARE * len(text):
        yield Finding("fail", f"正文用繁体字（{strange} 处），可能是镜像站转换的文本", "traditional", strange)


def _residue(text: str) -> re.Match[str] | None:
    if not _RESIDUE_SIGN.search(text):
        return None
    return ARTEFACT.search(text) or _LEFTOVERS.search(text)


def _parts(document: Document) -> Iterator[Paragraph | GridCell]:
    for block in document.blocks:
        yield from [block] if isinstance(block, Paragraph) else block.cells


def _top_numbers(sections: Sequence[Section]) -> Iterator[tuple[str, str]]:
    for section in sections:
        named = heading(section.title) if section.id in _NUMBERS else None
        if named and (named.number != _NUMBERS[section.id] or named.style not in ("han", "part")):
            yield f"“{section.title}”应为{HAN[_NUMBERS[section.id] - 1]}", section.where


def _reused(material: Material) -> Iterator[tuple[str, str]]:
    """Short paragraphs inside a part that are numbered like the parts themselves."""
    starts = set(material.outline.starts)
    for at, block in enumerate(material.document.blocks):
        if not isinstance(block, Paragraph) or len(block.text) > _LONGEST_HEADING or block.text.lstrip()[:1] not in HAN:
            continue
        line = squeeze(block.text)
        if at not in starts and _TOP_NUMBER.match(line) and not line.endswith(("。", ";")) \
                and narrative.section_at(material.outline, at) in _SECTIONS:
            yield "小标题重用了一、二、三", block.where


def _mixed(passages: Sequence[narrative.Passage]) -> Iterator[tuple[str, str]]:
    """（一）（二）（3）: a count that goes on in another style."""
    before: tuple[str, int, bool] | None = None
    for passage in passages:
        found = _BRACKETED.match(passage.text)
        if not found:
            continue
        is_han = found[1] is not None
        number = HAN.find(found[1]) + 1 if is_han else int(found[2])
        if before and before[0] == passage.section and number == before[1] + 1 and is_han != before[2]:
            yield f"“{found[0]}”与前面的编号样式不同", passage.where
        before = (passage.section, number, is_han)


def _label_variants(material: Material) -> Iterator[tuple[str, str]]:
    for at, block in enumerate(material.document.blocks):
        if isinstance(block, Grid) and narrative.section_at(material.outline, at) in TABLES:
            yield from ((cell.text, cell.where) for cell in block.cells if len(cell.text) > 2 and _is_variant(cell.text))


@lru_cache(maxsize=4096)
def _is_variant(text: str) -> bool:
    """Whether a cell is a label of the form in other words, or with another remark."""
    plain = labels.ENUMERATOR.sub("", squeeze(ARTEFACT.sub("", text)))
    if plain[:1].isdigit() or labels.key(plain) in _official_labels():
        return False
    return any(labels.known(table, text) for table in _LABEL_TABLES)


@cache
def _official_labels() -> frozenset[str]:
    tables = schema.load("tables")
    words = [part for row in tables["request_rows"] for part in row["label"].split("/")]
    words += [column["label"] for column in tables["request_columns"]] + ["法人或其他组织", "申请人情况"]
    words += [part for field in tables["proactive_fields"] for part in (field["label"], *field["row"].split("/"))]
    words += [part for field in tables["remedy_fields"] for part in field["label"].split("/")]
    words += [word for part in tables["proactive_subtables"] for version in ("f2019_cols", "f2021_cols")
              for word in part[version] or ()]
    return frozenset(labels.key(labels.ENUMERATOR.sub("", squeeze(word))) for word in words)


def _broken(material: Material) -> Iterator[tuple[str, str, str]]:
    for above, below in pairwise(material.paragraphs):
        if above.section == below.section and _sentence_in(above.text) and len(below.text) > _LEAST_SENTENCE \
                and narrative.broken_between(above.text, below.text):
            yield above.text, below.text, above.where


def _sentence_in(text: str) -> bool:
    """Whether a paragraph is running text, not a heading or page furniture."""
    heading_like = len(text) < _LONGEST_HEADING and not any(mark in text for mark in "。;")
    return not heading_like and any(mark in text for mark in "。;,") and not _FURNITURE.search(text[-40:])
