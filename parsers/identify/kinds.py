"""What a document is (report, attachment page, something else), whom its numbers cover, and which form it follows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from parsers import schema
from parsers.identify.bodies import Body
from parsers.identify.reading import Line, squeezed
from parsers.identify.titles import subject
from parsers.models import Document, Evidence, Hints, Outline, Tables, Tag

_LOOKALIKE = re.compile(r"政府网站(?:监管|工作)?年度(?:工作)?报[表告]|网站工作年度报表|法治政府建设|依法行政|公开指南"
                        r"|公开目录$|公开制度|绩效|范文|模板|填报说明|工作要点|工作方案"
                        r"|实施方案|(?:年报|年度报告)[^,。]{0,12}(?:通知|解读|培训|发布会|公布情况|编制要求|情况通报|评议)"
                        r"|通知$|的函$|情况通报|一图|图解|图说|[读看]懂|速览")
_NEWS = re.compile(r"(?:发布|公布|晒出|出炉|印发|完成)[^,。]{0,16}(?:年报|年度报告)$|记者|本报讯")
_OPENS = re.compile(r"本(?:年度)?(?:报告|年报).{0,60}信息公开条例|信息公开条例.{0,90}(?:编制本|本年?度?报告)"
                    r"|统计(?:期限|时限|时间)")
_PARTS = frozenset(("overview", "proactive", "requests", "remedies", "problems", "other", "fees_legacy"))
_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|rtf|xlsx?|et|zip|rar|jpe?g|png)(?:$|\?)|download|附件|年报|年度报告", re.IGNORECASE)
_MANY = 4                                             # lines that are titles of reports: nobody's report has so many
_LONGEST_NAME = 60
_LITTLE = 600                                         # characters: less own text than this, furniture included, is no report
_REGION = re.compile(r"(?:综合|汇总|涵盖|包括|覆盖)[^。;]{0,30}(?:各?县[()、市区]*|县区|区县|乡镇|街道|镇街"
                     r"|镇\(街)[^。;]{0,40}|全[市县区省州]各(?:级|县|乡|镇|街道)|全[市县区省州]行政机关"
                     r"|各(?:县|区|市|镇|乡)[()、县市区镇乡]{0,8}(?:人民)?政府[^。;]{0,20}(?:汇总|编制)"
                     r"|全[市县区省州](?:政府系统|共受理|各级|共收到|新收)")
_DEPARTMENTS = re.compile(r"(?:综合|汇总|包括|涵盖|根据)[^。;]{0,24}(?:各部门|政府部门|所属部门|工作部门|组成部门"
                          r"|各单位)[^。;]{0,24}(?:汇总|编制|年度报告|年报|信息公开)")
_ORGAN = re.compile(r"政府机关|本级机关|本机关|\(机关\)|\(本级\)|政府本级|及其办公[室厅]名义|不(?:含"
                    r"|包括)[^。;]{0,12}(?:部门|乡镇)")
_OLD_PARTS = re.compile(r"概述|收费及减免|依申请公开政府信息和不予公开|咨询处理|申请情况及办理")


def kind_of(document: Document, outline: Outline, tables: Tables, lines: Sequence[Line], hints: Hints) -> str:
    """report, attachment_page (hardly any words, but links to files) or other."""
    heads = [line.text for line in lines[:6] if len(line.text) < 80 and subject(line.text)]
    title = squeezed(outline.title or document.title or hints.link_text or "".join(heads[:1]))
    filled = any(cell.value is not None for _, _, _, cell in tables.cells())
    if filled or (tables.formats and not _LOOKALIKE.search(title)):            # a notice may show the form, unfilled
        return "other" if _LOOKALIKE.search(title) and not subject(title) else "report"
    if title and (_LOOKALIKE.search(title) or _NEWS.search(title)):
        return "other"
    parts = {section.id for section in outline.sections} & _PARTS
    prose = sum(len(line.text) for line in lines)
    linked = any(_FILE.search(link.url) or _FILE.search(link.name) for link in document.links)
    if linked and len(parts) < 2 and prose < _LITTLE:
        return "attachment_page"
    listed = [line for line in lines if len(line.text) < _LONGEST_NAME and subject(line.text)]
    if not parts and len(listed) >= _MANY:                # the list of a column
        return "other"
    named = subject(title) or any(subject(line.text) or _OPENS.search(line.text) for line in lines[:40])
    return "report" if named or len(parts) >= 2 else "other"


def body_type(name: str) -> str:
    """One of the taxonomy's body types by the form of a full name; unknown when none fits."""
    plain = re.sub(r"\([^()]*\)$", "", name)
    return next((kind for kind, pattern in schema.load("taxonomy")["body_type_names"] if re.search(pattern, plain)), "unknown")


def scope(body: Body | None, kind: str, lines: Sequence[Line], title: str) -> Tag:
    """Whom the numbers cover: only reports of governments can be aggregates."""
    if body is None:
        return Tag("unknown", 0.0)
    if kind not in ("government", "dispatched_government") or body.level == "township":
        return Tag("own", 0.96, (Evidence("body_type", kind, "agency", 0.96),))
    tests = (("own", _ORGAN, 0.85), ("aggregate_region", _REGION, 0.85), ("aggregate_departments", _DEPARTMENTS, 0.8))
    told = [(squeezed(title), "title"), *((line.text, line.where) for line in lines[:25])]
    whole = "\n".join([text for text, _ in told])
    for value, pattern, weight in tests:
        for text, where in told if pattern.search(whole) else ():
            if match := pattern.search(text):
                return Tag(value, weight, (Evidence("wording", match[0][:80], where, weight),))
    return Tag("unknown", 0.0)


def format_version(tables: Tables, outline: Outline, lines: Sequence[Line], year: int | None) -> Tag:
    """The form most tables follow; without tables, by the parts of the text and the year."""
    counts = Counter(tables.formats.values())
    if counts:
        value, number = counts.most_common(1)[0]
        evidence = tuple(Evidence("table", form, table, 0.95) for table, form in tables.formats.items())
        return Tag(value, 0.98 if number == sum(counts.values()) else 0.85, evidence)
    parts = {section.id for section in outline.sections}
    if {"requests", "remedies"} <= parts or {"proactive", "requests", "problems"} <= parts:
        form = "f2019" if year in (2019, 2020) else "f2021" if year and year > 2020 else None
        return Tag(form, 0.75 if form else 0.0, (Evidence("sections", " ".join(sorted(parts)), "outline", 0.75),))
    old = next((line for line in lines if len(line.text) < 40 and _OLD_PARTS.search(line.text)), None)
    if old and year and year < 2019:
        return Tag("f2014" if any("统计指标" in line.text for line in lines) else "f2008", 0.7,
                   (Evidence("sections", old.text, old.where, 0.7),))
    return Tag(None, 0.0)
