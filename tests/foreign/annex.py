"""The annex of 2014–2018, 政府信息公开情况统计表, as provinces print it: own rows, halves, codes, cuts, indentation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from tests.foreign.drawing import Box, Cells, Drawn, head
from tests.foreign.report import Made, Part
from tests.foreign.writing import Pen

#: (field, unit, label) in the order of 国办发〔2014〕32号; a line without a field is a caption
FORM = tuple(
    tuple(line.split("|"))
    for line in """
||一、主动公开情况
published_total|条|（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）
normdocs_published|条|　　其中：主动公开规范性文件数
normdocs_made|件|　　　　　制发规范性文件总数
||（二）通过不同渠道和方式公开政府信息的情况
via_gazette|条|1.政府公报公开政府信息数
via_website|条|2.政府网站公开政府信息数
via_weibo|条|3.政务微博公开政府信息数
via_wechat|条|4.政务微信公开政府信息数
via_other|条|5.其他方式公开政府信息数
||二、回应解读情况
hotspots_answered|次|（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）
||（二）通过不同渠道和方式回应解读的情况
press_conferences|次|1.参加或举办新闻发布会总次数
press_conferences_head|次|　　其中：主要负责同志参加新闻发布会次数
interviews|次|2.政府网站在线访谈次数
interviews_head|次|　　其中：主要负责同志参加政府网站在线访谈次数
policy_explainers|篇|3.政策解读稿件发布数
weibo_wechat_replies|次|4.微博微信回应事件数
other_replies|次|5.其他方式回应事件数
||三、依申请公开情况
received|件|（一）收到申请数
received_in_person|件|1.当面申请数
received_fax|件|2.传真申请数
received_online|件|3.网络申请数
received_letter|件|4.信函申请数
completed|件|（二）申请办结数
completed_on_time|件|1.按时办结数
completed_extended|件|2.延期办结数
answered|件|（三）申请答复数
ans_already_public|件|1.属于已主动公开范围数
ans_granted|件|2.同意公开答复数
ans_partly|件|3.同意部分公开答复数
ans_refused|件|4.不同意公开答复数
ref_state_secret|件|　　其中：涉及国家秘密
ref_trade_secret|件|　　　　　涉及商业秘密
ref_privacy|件|　　　　　涉及个人隐私
ref_security|件|　　　　　危及国家安全、公共安全、经济安全和社会稳定
ref_not_gov_info|件|　　　　　不是《条例》所指政府信息
ref_other_law|件|　　　　　法律法规规定的其他情形
ans_not_this_body|件|5.不属于本行政机关公开数
ans_not_exist|件|6.申请信息不存在数
ans_amend|件|7.告知作出更改补充数
ans_redirect|件|8.告知通过其他途径办理数
review|件|四、行政复议数量
review_upheld|件|（一）维持具体行政行为数
review_corrected|件|（二）被依法纠错数
review_other|件|（三）其他情形数
suit|件|五、行政诉讼数量
suit_upheld|件|（一）维持具体行政行为或者驳回原告诉讼请求数
suit_corrected|件|（二）被依法纠错数
suit_other|件|（三）其他情形数
complaints|件|六、举报投诉数量
fees_wan|万元|七、依申请公开信息收取的费用
||八、机构建设和保障经费情况
units|个|（一）政府信息公开工作专门机构数
reading_points|个|（二）设置政府信息公开查阅点数
staff|人|（三）从事政府信息公开工作人员数
staff_full|人|1.专职人员数（不包括政府公报及政府网站工作人员数）
staff_part|人|2.兼职人员数
budget_wan|万元|（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）
||九、政府信息公开会议和培训情况
meetings|次|（一）召开政府信息公开工作会议或专题会议数
trainings|次|（二）举办各类培训班数
trained|人次|（三）接受培训人员数
""".strip().splitlines()
)
#: rows that provinces add: behind which field, unit, label
LOCAL = (
    ("normdocs_made", "条", "主动公开机构领导、机构设置及人事信息数"),
    ("normdocs_made", "条", "主动公开政府文件数"),
    ("normdocs_made", "条", "主动公开行政执法信息数"),
    ("normdocs_made", "条", "主动公开规划计划、统计信息数"),
    ("normdocs_made", "条", "主动公开重点领域政府信息数"),
    ("via_other", "条", "6.政务公开栏公开政府信息数"),
    ("via_other", "条", "7.政务客户端公开政府信息数"),
    ("via_other", "条", "8.报刊公开政府信息数"),
    ("other_replies", "次", "6.热线电话回应事件数"),
    ("other_replies", "次", "7.政务服务热线在线访谈次数"),
    ("press_conferences_head", "次", "　　　　　分管负责同志参加新闻发布会次数"),
    ("received_letter", "件", "5.电子邮件申请数"),
    ("received_letter", "件", "6.其他方式申请数"),
    ("completed_extended", "件", "3.逾期办结数"),
    ("ref_other_law", "件", "　　　　　涉及工作秘密"),
    ("ref_other_law", "件", "　　　　　涉及内部管理信息"),
    ("ans_redirect", "件", "9.重复申请数"),
    ("ans_redirect", "件", "10.申请内容不明确数"),
    ("review_other", "件", "（四）尚未审结数"),
    ("suit_other", "件", "（四）撤诉数"),
    ("complaints", "件", "其中：查实数"),
    ("staff_part", "人", "3.临时聘用人员数"),
    ("trained", "次", "（四）开展政府信息公开督查次数"),
)  # fmt: skip
LAYOUTS = ("three", "three", "coded", "numbered", "two", "halves", "parts", "cut", "unit_first")
VALUE_HEADS = ("统计数", "统计数", "数值", "数量", "统计数据", "2016年统计数")
LABEL_HEADS = ("统计指标", "统计指标", "指标名称", "指标", "统计项目")
_MARKS = (
    (re.compile(r"^(\s*)(\d+)\."), ("{}.", "{}.", "{}、", "（{}）", "")),
    (re.compile(r"^(\s*)（([一二三四五六七八九])）"), ("（{}）", "（{}）", "({})", "{}、", "")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the annex: `key` is the field as the parser names it, "" for a caption."""

    key: str
    unit: str
    label: str


def invent(seed: int, layout: str = "") -> Made:
    """A report of the years 2014 to 2018 with its annex in some provincial edition."""
    random = Random(f"annex {seed}")
    layout = layout or random.choice(LAYOUTS)
    pen = Pen.pick(random)
    rows = _rows(random, units=layout == "two")
    cells: Cells = {}
    for row in rows:
        if row.key:
            number = random.choice((0, 0, random.randrange(20), random.randrange(3000)))
            cells["stat2014", row.key, ""] = pen.write(number, row.unit if "元" not in row.unit else "", random)
    year = random.choice((2014, 2015, 2016, 2017))
    title = f"凤阳县水务局{year}年政府信息公开工作年度报告"
    parts: list[Part] = [
        (1, title),
        "根据《中华人民共和国政府信息公开条例》规定编制本报告。",
        (2, "一、概述"),
        "全年工作有序开展。",
    ]
    parts += [(2, "二、主动公开政府信息情况"), "详见附表。", (2, "三、存在的主要问题及改进情况"), "人手不足，将加强培训。"]
    parts += ["附件：", f"政府信息公开情况统计表（{year}年度）", "填报单位（盖章）：凤阳县水务局"]
    parts += _draw(rows, cells, layout, random)
    parts += ["单位负责人：张三 审核人：李四 填报人：王五", "联系电话：0550-6721234 填报日期：2017年1月10日"]
    return Made(seed, "f2014", title, tuple(parts), cells, ("overview", "proactive", "problems"))


def _rows(random: Random, *, units: bool) -> list[Row]:
    edition = random.choice((0.0, 0.2, 0.6))
    marks = [random.choice(forms) for _, forms in _MARKS]
    flat = random.random() < 0.3
    rows = []
    for field, unit, label in FORM:
        rows.append(Row(f"s14_{field}" if field else "", unit, label))
        rows += [Row(f"local:{text}", own, text) for after, own, text in LOCAL if after == field and random.random() < edition]
    rows = [_marked(row, marks, flat=flat) for row in rows]
    return [_united(row) for row in rows] if units else rows


def _marked(row: Row, marks: list[str], *, flat: bool) -> Row:
    label = row.label.lstrip("　") if flat else row.label
    for (mark, _), form in zip(_MARKS, marks, strict=True):
        if found := mark.match(label):
            label = found[1] + form.format(found[2]) + label[found.end() :]
            break
    key = f"local:{label.strip()}" if row.key.startswith("local:") else row.key
    return Row(key, row.unit, label)


def _draw(rows: list[Row], cells: Cells, layout: str, random: Random) -> list[Part]:
    names = (random.choice(LABEL_HEADS), "单位", random.choice(VALUE_HEADS))
    lines = [_line(row, cells) for row in rows]
    if layout == "two":
        return [_table([[head(names[0]), head(names[2])], *([line[0], line[2]] for line in lines)], layout)]
    if layout in ("coded", "numbered"):
        word = "代码" if layout == "coded" else "序号"
        heads = [head(word), *map(head, names)]
        return [
            _table(
                [heads, *([Box(f"{n:02d}" if layout == "coded" else str(n)), *line] for n, line in enumerate(lines, 1))], layout
            )
        ]
    if layout == "unit_first":
        heads = [head(names[0]), head(names[2]), head(names[1])]
        return [_table([heads, *([line[0], line[2], line[1]] for line in lines)], layout)]
    heads = [*map(head, names)]
    if layout == "halves":
        middle = (len(lines) + 1) // 2
        right = [*lines[middle:], [Box(), Box(), Box()]][:middle]
        return [_table([[*heads, *heads], *(left + other for left, other in zip(lines[:middle], right, strict=True))], layout)]
    if layout == "parts":
        starts = [at for at, row in enumerate(rows) if re.match(r"[一二三四五六七八九]、", row.label)]
        return [
            _table([heads, *lines[start:end]], layout) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
        ]
    if layout == "cut":
        at = random.randrange(10, len(lines) - 10)
        return [_table([heads, *lines[:at]], layout), _table(lines[at:], layout)]
    return [_table([heads, *lines], layout)]


def _line(row: Row, cells: Cells) -> list[Box]:
    if not row.key:
        return [head(row.label), Box(), Box()]
    written = cells["stat2014", row.key, ""]
    return [head(row.label), Box(row.unit), Box(written.text, note=written.note)]


def _united(row: Row) -> Row:
    """The row with its unit in its label."""
    key = f"{row.key}（{row.unit}）" if row.key.startswith("local:") else row.key
    return Row(key, row.unit, f"{row.label}（{row.unit}）") if row.unit else row


def _table(lines: list[list[Box]], layout: str) -> Drawn:
    return Drawn(tuple(map(tuple, lines)), f"stat2014.{layout}")
