"""The data dictionary: one place that says what every published table and column means, in Chinese and English.

The exports' codebook, the site's descriptions and docs/DATA.md are all made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

#: table → (Chinese title, what a row is, the same in Chinese)
TABLES: Mapping[str, tuple[str, str, str]] = MappingProxyType({
    "reports": ("年报", "One report: agency × year × scope, the version chosen among all captured copies.",
                "一行是一份年报：机关 × 年度 × 统计范围，从采集到的各版本中选出"),
    "cells": ("表格数据", "One statutory cell of a report. A blank is NULL with status blank, never 0.",
              "一行是一个法定表格单元；空白是 NULL 并注明，绝不当作 0"),
    "checks": ("核对结果", "One rule applied to a report, with the numbers on both sides.",
               "一行是一条规则在一份年报上的结论，列出两边的数"),
    "measures": ("指标", "Rates of one report. NULL when a cell it needs is missing, or the denominator is zero.",
                 "一行是一份年报的各项比率；所需单元格缺失或分母为零时是 NULL"),
    "lineage": ("机关沿革", "One step of a body's life: renamed, succeeded, merged or moved, as its reports show.",
                "一行是一个机关的一次更名、承继、并入或区划调整，依据是各年年报"),
    "tags": ("标签与依据", "One derived fact of a report with its confidence and the evidence for it.",
             "一行是年报的一个标签，附可信度和依据"),
    "sections": ("正文", "One section of a report, tables left out.",
                 "一行是年报的一个部分，不含表格"),
    "issues": ("待查事项", "Something a person must look at.",
               "一行是一件需要人看的事"),
    "coverage": ("覆盖台账", "One agency and year: published on time, late, absent, or not looked at.",
                 "一行是一个机关的一个年度：按时、迟发、未见，还是没有查看过"),
    "columns": ("栏目台账", "One column's last walk: declared, walked, accepted, and how the end was proved.",
                "一行是一个年报栏目最近一次走完的账：声明多少、走了多少、采用多少、终点如何证明"),
    "fields": ("表格字段", "One row and column of the statutory tables, with its official label and unit.",
               "一行是法定表格的一格：官方行名、列名和单位"),
    "documents": ("文件", "One file by the SHA-256 of its bytes, stored once.",
                  "一行是一个文件，以字节的 SHA-256 为名，只存一份"),
    "versions": ("版本", "One text a report had at one address, from the first look that saw it to the last.",
                 "一行是一份年报在一个网址上的一个版本，从首次看到到末次看到"),
    "hosts": ("失信主机", "A host that called a page unchanged (304) when it was not; asked for everything whole for a year.",
              "一行是一个曾把已改动的网页说成未改动的主机，一年内不再对它使用条件请求"),
    "captures": ("采集记录", "One observation of one address, failures included.",
                 "一行是对一个网址的一次采集，失败也在内"),
    "portals": ("门户", "One declared portal.", "一行是一个登记的政府门户"),
    # only in browse.db, what `nianbao publish` makes
    "figures": ("宽表", "One report with one column per statutory cell; money in yuan. NULL is no number, never zero.",
                "一行是一份年报，一列是一个法定单元格；金额以元计；NULL 是没有数，绝不是 0"),
    "cell_notes": ("单元格附注", "One cell that is more than a plain number: blank, marked, money, or outside the form.",
                   "一行是一个不只是数字的单元格：空白、斜线、金额，或不在统一格式之内"),
    "agencies": ("机关", "One body with the span of its reports.", "一行是一个机关，附其年报的起止和计数"),
    "totals": ("汇总", "Sums by year, level, province, kind of body and scope. Never add up scopes.",
               "一行是某年、某层级、某省、某类机关的合计；本机关与汇总两种口径不可相加"),
    "rules": ("规则", "One rule with its equation.", "一行是一条核对规则和它的算式"),
    "terms": ("用语", "One coded value in words.", "一行是一个代码的中英文"),
})

#: column → (Chinese label, English meaning)
COLUMNS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "report_id": ("年报编号", "Stable id: agency_id:year, plus the scope for aggregates"),
    "agency": ("机关", "Name of the reporting body as it was that year"),
    "agency_id": ("机关编号", "Stable id of the body across years"),
    "function": ("职能", "Function of the body, an id of the schema"),
    "level": ("层级", "national … township: the area served, by GB/T 2260 in the report year"),
    "division_code": ("行政区划代码", "GB/T 2260 code as of the report year"),
    "body_type": ("机关类型", "government, department, vertical, township_government …"),
    "scope": ("统计范围", "own office, or an aggregate: never add up across scopes"),
    "year": ("报告年度", "The year reported on, not the year of publication"),
    "format_version": ("格式", "f2008, f2008s, f2014, f2019 or f2021, told by the tables' labels"),
    "title": ("标题", "Title as printed"),
    "published_on": ("公布日期", "Date of publication, else of signature"),
    "digest": ("文件摘要", "SHA-256 of the bytes, hex"),
    "url": ("网址", "Where it was captured"),
    "checks_failed": ("不符项", "Number of failed rules of severity error"),
    "why": ("选用理由", "Why this version speaks for the report"),
    "reading_id": ("解析编号", "What one parser version made of one document"),
    "table_id": ("表", "proactive, requests, remedies or stat2014"),
    "row_id": ("行", "Row or field id of the schema"),
    "column_id": ("列", "Applicant column id of the schema; empty where the table has one value column"),
    "value": ("值", "The number, in `unit`; NULL unless status gives one"),
    "raw": ("原文", "The cell as printed"),
    "status": ("状态", "number, zero, text_zero, money, approx; else why there is none: blank, na_mark …"),
    "unit": ("单位", "Unit of the value"),
    "unit_source": ("单位来源", "form, header, cell or inferred"),
    "value_yuan": ("金额（元）", "Money in yuan where the unit is known"),
    "locator": ("位置", "Page or line, row and column in the file"),
    "rule": ("规则", "Rule id, see docs/RULES.md"),
    "verdict": ("结论", "pass, fail, …_assuming_blank_zero, not_assessable"),
    "severity": ("级别", "error, warning or info; grades the finding, not the agency"),
    "left": ("左边", "Number on the left of the rule"),
    "right": ("右边", "Number on the right of the rule"),
    "message": ("说明", "What was found, in one sentence"),
    "name": ("标签", "Name of the tag"),
    "confidence": ("可信度", "0 to 1; below the threshold the value is NULL"),
    "evidence": ("依据", "JSON: source, quote, locator, weight"),
    "due_on": ("应公布日", "Date by which the report was due (Article 49)"),
    "state": ("状态", "Version: current, replaced, removed. Coverage:"
              " on_time, late, undated (published, no day known), unparsed (something is there that could not be read),"
              " absent (good looks on three days found nothing), overdue (fewer than three), blocked, not_looked, not_yet_due"),
    "first_seen_at": ("首次采集", "First capture of any copy, UTC"),
    "last_looked_at": ("最近查看", "Last walk of the agency's column, UTC"),
    "portal": ("门户", "Portal declaration"),
    "platform": ("建站平台", "CMS family that walked the column"),
    "outcome": ("结果", "Column: complete, partial, empty, refused, broken; capture: ok, not_modified, a refusal"),
    "refusal": ("拒绝类别", "robots, geo, waf, challenge, tls, dns, timeout, gone, needs-adapter …"),
    "declared": ("声明条数", "Rows the column says it has"),
    "walked": ("已走页数", "Pages walked"),
    "rows": ("原始行数", "Rows seen before any filtering"),
    "accepted": ("采用", "Rows taken as annual reports"),
    "rejected": ("未采用", "Rows left out, reasons in `reasons`"),
    "end_proof": ("终点证明", "How the end of the list was proved"),
    "walked_at": ("走完时间", "End of the walk, UTC"),
    "position": ("次序", "Order on the printed form"),
    "row_label": ("行名", "Official label of the row"),
    "column_label": ("列名", "Official label of the column"),
    "size": ("字节", "Length in bytes"),
    "media_type": ("文件类型", "Media type told by the bytes"),
    "text_digest": ("文本摘要", "SHA-256 of the words: equal for copies in other formats"),
    "first_captured_at": ("首次采集", "UTC"),
    "captured_at": ("采集时间", "UTC"),
    "section_id": ("部分", "Canonical section id"),
    "text": ("文字", "The words, tables left out"),
    "kind": ("类别", "Kind of issue"),
    "capture_id": ("采集编号", "Stable id of the observation"),
    "run_id": ("批次", "The crawl that made it"),
    "referrer": ("来路", "Page on which the link stood"),
    "link_text": ("链接文字", "Words of the link"),
    "final_url": ("最终网址", "Address after redirects"),
    "role": ("角色", "column, list, article, attachment or file"),
    "column_url": ("所属栏目", "Column being walked"),
    "error": ("错误", "What went wrong, in words"),
    "declared_pages": ("声明页数", "Pages the column says it has"),
    "reasons": ("未采用原因", "JSON: reason → rows"),
    "subject": ("编号", "Name of the finding, for `nianbao check settle`"),
    "settled": ("处理意见", "A person's reason for closing it"),
    "grant_rate": ("公开率", "Granted or partly granted among all handled"),
    "refusal_rate": ("不予公开率", "Refused on any of the eight grounds among all handled (2019 on)"),
    "not_held_rate": ("不掌握率", "Not held by the body among all handled (2019 on)"),
    "not_processed_rate": ("不予处理率", "Not processed on any of the five grounds among all handled (2019 on)"),
    "natural_person_share": ("自然人申请占比", "New requests by natural persons among all new ones (2019 on)"),
    "carry_over_rate": ("结转率", "Carried into the next year among all that was to be handled (2019 on)"),
    "review_rate": ("复议率", "Administrative reviews per request handled"),
    "review_correction_rate": ("复议纠错率", "Corrected among reviews decided in the year"),
    "suit_correction_rate": ("诉讼纠错率", "Corrected among suits decided in the year, direct and after review"),
    "relation": ("关系", "renamed, succeeded, merged_into or moved"),
    "later_id": ("后续机关编号", "Id of the body afterwards"),
    "later_name": ("后续机关", "Name of the body afterwards"),
    "issue_id": ("编号", "Fingerprint of the issue"),
    "version": ("版本序号", "Counts a report's versions in the order in which they were first seen"),
    "change": ("变化", "first, copy (says the same elsewhere), amended (same address, other words or numbers), reissued "
                       "(elsewhere, other words), cosmetic (other bytes, same words and numbers)"),
    "last_seen_at": ("末次看到", "Last capture that gave these bytes, UTC"),
    "looks": ("查看次数", "Version: captures that gave these bytes. Coverage: days past the due date with a good look"),
    "body": ("机关", "Latest name of the body"),
    "first_published_on": ("最早公布日", "Earliest date of publication that can be true"),
    "source": ("依据", "Why it is expected: report (an earlier one), portal (declared), gazetteer (its area is watched)"),
    "chosen": ("选用", "1 for the version that speaks for the report"),
    "host": ("主机", "Host name, with the port where it is not the usual one"),
    "distrusted_at": ("失信时间", "When it was last caught, UTC"),
    "home": ("首页", "Address of the portal"),
    "province": ("省份代码", "First two digits of the division code"),
    "place": ("所在地", "The division and those above it, by name"),
    "versions": ("版本数", "Documents captured of this report"),
    "checks_passed": ("相符项", "Number of rules that hold"),
    "warnings": ("警告数", "Number of failed rules of severity warning"),
    "first_year": ("最早年度", "First year with a report"),
    "last_year": ("最近年度", "Last year with a report"),
    "reports": ("年报数", "Number of reports"),
    "late": ("迟发数", "Number published after the date due"),
    "absent": ("未见数", "Years looked for and not found"),
    "on_time": ("按时数", "Number published by the date due"),
    "failed": ("不符年报数", "Reports with a failed rule of severity error"),
    "with_received": ("有申请数的年报", "Reports that give the number of requests"),
    "received": ("新收申请", "New requests, or those of the 2014 form"),
    "handled": ("办结", "Requests handled"),
    "granted": ("予以公开", "Granted in full"),
    "partly_granted": ("部分公开", "Granted in part"),
    "refused": ("不予公开", "Refused on one of eight grounds"),
    "unavailable": ("无法提供", "Could not be given"),
    "other": ("其他处理", "Handled otherwise"),
    "title_en": ("英文名", "In English"),
    "expression": ("算式", "What must hold"),
    "over": ("逐行或逐列", "row or column the equation is repeated over"),
    "equations": ("等式", "JSON: equations of field ids"),
    "id": ("代码", "As stored"),
    "label": ("中文", "In Chinese"),
    "label_en": ("英文", "In English"),
})

#: row and column ids of the statutory tables in English
FIELDS: Mapping[str, str] = MappingProxyType(dict(
    line.split("\t") for line in files("archive").joinpath("fields.tsv").read_text("utf-8").splitlines()[1:]))


def english(row_id: str, column_id: str = "") -> str:
    """A statutory cell in English: `Granted (natural persons)`."""
    row = FIELDS.get(row_id, row_id.replace("_", " "))
    return f"{row} ({FIELDS.get(column_id, column_id)})" if column_id else row


def markdown(views: Mapping[str, list[str]], published: Mapping[str, list[str]]) -> str:
    """docs/DATA.md: every stable view, every table that only browse.db has, and what their columns mean."""
    head = ("# The data\n\nThe stable views of `archive.db`; `nianbao export` writes the same tables, and `browse.db` (made by"
            " `nianbao publish`) has them under the same names. Generated from `archive/dictionary.py`.\n")
    more = ("\n# Only in browse.db\n\n`figures` also has one column per statutory cell, `<table>_<row>_<column>`, money as"
            " `…_yuan`; `fields` gives their labels. `reports` has more columns than the view, said here where they are new.\n")
    return head + "".join(_section(*view) for view in views.items()) + more + "".join(_section(*t) for t in published.items())


def _section(table: str, columns: list[str]) -> str:
    title, meaning, said = TABLES[table]
    rows = "".join(f"| `{row['column']}` | {row['label']} | {row['meaning']} |\n" for row in codebook(columns))
    return f"\n## {table} {title}\n\n{meaning} {said}。\n\n| column | 中文 | meaning |\n|---|---|---|\n{rows}"


def codebook(columns: list[str]) -> list[dict[str, str]]:
    """One row per column: name, Chinese label, English meaning."""
    return [{"column": name, "label": COLUMNS.get(name, (name, ""))[0], "meaning": COLUMNS.get(name, ("", ""))[1]}
            for name in columns]


#: the columns of the requests table, short enough for Stata's 32 characters
_APPLICANTS = {"natural_person": "indiv", "company": "firm", "research_institute": "inst", "ngo": "ngo",
               "legal_service": "law", "other_org": "org", "total": "total"}


def variable(row: str, column: str) -> str:
    """The name of a statutory cell wherever cells are columns, 32 ASCII characters at most, as Stata wants: `granted_total`."""
    return f"{row}_{_APPLICANTS[column]}" if column else row
