"""The statutory tables drawn as the offices draw them: labels as the form prints them, headers with spans."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.generator.figures import COLUMNS, FORM, OUTCOMES, REMEDIES, request_rows
from tests.generator.model import Box, Expected, Key, Table

Cells = Mapping[Key, Expected]
Row = tuple[Box, ...]
Labels = Mapping[str, str]

GROUPS = {"refused": "（三）不予公开", "unavailable": "（四）无法提供", "rejected": "（五）不予处理", "other": "（六）其他处理"}
NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "社会公益组织": ("社会组织", "社会公益\n组织"),
    "商业企业": ("商业\n企业",),
    "法律服务机构": ("法律服\n务机构",),
    "2.其他法律行政法规禁止公开": ("2.其他法律法规禁止公开", "2、其他法律行政法规禁止公开"),
    "本年制发件数": ("本年发件", "本年发件数", "制发件数", "本年（{year}）制发件数"),
    "现行有效件数": ("现行有效件", "现行有效数"),
    "本年收费金额（单位：万元）": ("本年收费金额(单位:万元)", "本年收费金额（单位：万元，保留4位小数）"),
    "本年新制作数量": ("本年新\n制作数量",),
    "本年增/减": ("本年增（减）", "本年增减"),
    "本年处理决定数量": ("处理决定数量", "本年（{year}）处理决定数量"),
    "三、本年度办理结果": ("三、本年度\n办理结果", "三、本年度办理"),
    "（一）予以公开": ("(一) 予以公开", "（一）  予以公开"),
    "（七）总计": ("(七)总计", "（七） 总计"),
    "3.危及“三安全一稳定”": ('3.危及"三安全一稳定"', "3.危及“三安全 一稳定”"),
    "行政规范性文件": ("规范性文件",),
    "结果维持": ("结果\n维持", "维持"),
    "结果纠正": ("结果\n纠正", "纠正"),
    "尚未审结": ("尚未\n审结",),
    "未经复议直接起诉": ("未经复议\n直接起诉",),
}
PARTS = {"f2021": {"rules": "规章", "normdocs": "行政规范性文件", "licence": "行政许可",
                   "penalty": "行政处罚", "coercion": "行政强制", "fee": "行政事业性收费"},
         "f2019": {"rules": "规章", "normdocs": "规范性文件", "licence": "行政许可", "other_service": "其他对外管理服务事项",
                   "penalty": "行政处罚", "coercion": "行政强制", "fee": "行政事业性收费", "procurement": "政府集中采购"}}
STAT_GROUPS = {"一(一)": "一、主动公开情况", "一(二)": "（二）通过不同渠道和方式公开政府信息的情况",
               "二(一)": "二、回应解读情况", "二(二)": "（二）通过不同渠道和方式回应解读的情况", "三(一)": "三、依申请公开情况",
               "八(一)": "八、机构建设和保障经费情况", "九(一)": "九、政府信息公开会议和培训情况"}


def spell(random: Random, year: int, *, odd: bool) -> dict[str, str]:
    """The labels as one office spells them: official, or with a few local edits."""
    if not odd:
        return {}
    chosen = random.sample(sorted(SPELLINGS), random.randrange(1, 6))
    return {label: random.choice(SPELLINGS[label]).format(year=year) for label in chosen}


def proactive(form: str, cells: Cells, labels: Labels, width: int = 4) -> list[Table]:
    """The sub-tables of section 二, each `width` columns wide so that they may also be stacked into one."""
    return [_subtable(part, form, cells, labels, width) for part in FORM["proactive_subtables"] if part[f"{form}_cols"]]


def _subtable(part: Mapping[str, object], form: str, cells: Cells, labels: Labels, width: int) -> Table:
    fields = [field for field in FORM["proactive_fields"] if form in field["versions"] and f"art{_dotted(field)}" == part["id"]]
    stems = list(dict.fromkeys(_stem(field["id"]) for field in fields))
    heads = list(part[f"{form}_cols"])  # type: ignore[call-overload]
    rows: list[Row] = [(Box(str(part["caption"]), columns=width, head=True),),
                       _spread([labels.get(head, head) for head in ("信息内容", *heads)], width, head=True)]
    for stem in stems:
        values = [cells["proactive", field["id"], ""].raw for field in fields if _stem(field["id"]) == stem]
        rows.append(_spread([labels.get(PARTS[form][stem], PARTS[form][stem]), *values], width))
    return Table(tuple(rows), str(part["id"]))


def _dotted(field: Mapping[str, str]) -> str:
    return field["article"].replace("(", "_").rstrip(")")


def _stem(field: str) -> str:
    return next(stem for stem in PARTS["f2019"] if field.startswith(f"{stem}_"))


def _spread(texts: list[str], width: int, *, head: bool = False) -> Row:
    """One row of boxes, the last one stretched to the full width."""
    boxes = [Box(text, head=head) for text in texts]
    return (*boxes[:-1], Box(texts[-1], columns=width - len(texts) + 1, head=head))


def requests(form: str, cells: Cells, labels: Labels) -> Table:
    """The table of section 三: three columns of labels, seven of figures."""
    names = {column["id"]: labels.get(column["label"], column["label"]) for column in FORM["request_columns"]}
    rows: list[Row] = [
        (Box(NOTE, 3, 3, True), Box("申请人情况", 1, 7, True)),
        (Box("自然人", 2, 1, True), Box("法人或其他组织", 1, 5, True), Box("总计", 2, 1, True)),
        tuple(Box(names[column], head=True) for column in COLUMNS[1:-1]),
    ]
    for row in request_rows(form):
        rows.append((*_row_labels(row, form, labels), *(Box(cells["requests", row, column].raw) for column in COLUMNS)))
    return Table(tuple(rows), "requests")


def _row_labels(row: str, form: str, labels: Labels) -> Row:
    entry = next(entry for entry in FORM["request_rows"] if entry["id"] == row)
    own = entry["label"].rsplit("/", 1)[-1]
    label = labels.get(own, own)
    if row in ("new_received", "carried_in", "carried_out"):
        return (Box(label, 1, 3),)
    results = request_rows(form)[2:-1]
    lead = (Box(labels.get("三、本年度办理结果", "三、本年度办理结果"), len(results)),) if row == "granted" else ()
    title = GROUPS.get(entry["group"])
    members = [name for name in results if _group(name) == entry["group"]]
    if title is None or row == "other_handled":
        return (*lead, Box(label, 1, 2))
    if row == members[0]:
        return (*lead, Box(labels.get(title, title), len(members)), Box(label))
    return (*lead, Box(label))


def _group(row: str) -> str | None:
    return next((entry["group"] for entry in FORM["request_rows"] if entry["id"] == row), None)


def remedies(cells: Cells, labels: Labels) -> Table:
    """The table of section 四: one row of fifteen figures."""
    outcomes = [labels.get(label, label) for label in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]
    direct = labels.get("未经复议直接起诉", "未经复议直接起诉")
    return Table((
        (Box("行政复议", 1, 5, True), Box("行政诉讼", 1, 10, True)),
        (*(Box(label, 2, 1, True) for label in outcomes), Box(direct, 1, 5, True), Box("复议后起诉", 1, 5, True)),
        tuple(Box(label, head=True) for label in outcomes * 2),
        tuple(Box(cells["remedies", f"{way}_{outcome}", ""].raw) for way in REMEDIES for outcome in (*OUTCOMES, "total")),
    ), "remedies")


def stat2014(cells: Cells) -> Table:
    """《政府信息公开情况统计表》: indicator, unit, figure; lines that only group have no figure."""
    rows: list[Row] = [tuple(Box(text, head=True) for text in ("统计指标", "单位", "统计数"))]
    for field in FORM["stat2014_fields"]:
        lead, label = _stat_label(field["label"])
        if lead:
            rows.append((Box(lead), Box(""), Box("")))
        rows.append((Box(label), Box(field["unit"]), Box(cells["stat2014", field["id"], ""].raw)))
    return Table(tuple(rows), "stat2014")


def _stat_label(label: str) -> tuple[str, str]:
    """(line that opens the group or "", label as the form prints it): 二(二)1.参加… stands under （二）通过…"""
    head, rest = label[:4], label[4:]
    if not (label[1:2] == "(" and label[3:4] == ")"):
        return "", label.replace("(", "（").replace(")", "）") if label[0] == "(" else label
    numbered = rest[:1].isdigit()
    return STAT_GROUPS.get(head, ""), rest if numbered else f"（{head[2]}）{rest}"
