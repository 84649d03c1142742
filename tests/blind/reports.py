"""Invented reports with known figures: what is printed in each cell, and what a reader may say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

Key = tuple[str, str, str]

COLUMNS = {"natural_person": "自然人", "company": "商业企业", "research_institute": "科研机构", "ngo": "社会公益组织",
           "legal_service": "法律服务机构", "other_org": "其他", "total": "总计"}
ROWS = {
    "new_received": ("", "一、本年新收政府信息公开申请数量", "1.本年度新收申请数量（件）"),
    "carried_in": ("", "二、上年结转政府信息公开申请数量", "2、上一年结转政府信息公开申请数"),
    "granted": ("", "（一）予以公开", "(一)予以公开数："),
    "partly_granted": ("", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "（二） 部分公开"),
    "refused_state_secret": ("（三）不予公开", "1.属于国家秘密", "①属国家秘密的"),
    "refused_other_law": ("（三）不予公开", "2.其他法律行政法规禁止公开", "（2）其它法律、法规禁止公开"),
    "refused_security_stability": ("（三）不予公开", "3.危及“三安全一稳定”", "3、危及「三安全、一稳定」"),
    "unavailable_not_held": ("（四）无法提供", "1.本机关不掌握相关政府信息", "1、本单位不掌握相关政府信息"),
    "unavailable_must_create": ("（四）无法提供", "2.没有现成信息需要另行制作", "2．无现成信息，需要另行制作"),
    "rejected_petition": ("（五）不予处理", "1.信访举报投诉类申请", "1、信访、举报、投诉类"),
    "rejected_duplicate": ("（五）不予处理", "2.重复申请", "属于重复申请"),
    "other_fee_unpaid": ("（六）其他处理",
                         "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "2、逾期未缴费"),
    "other_misc": ("（六）其他处理", "3.其他", "3、其它情形"),
    "total_handled": ("", "（七）总计", "(七)合计"),
    "carried_out": ("", "四、结转下年度继续办理", "4.结转下一年度继续办理数量"),
}
RESULTS = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结", "total": "总计"}
OTHER_RESULTS = {"upheld": "维持", "corrected": "纠正", "other": "其他", "pending": "未审结", "total": "合计"}
WAYS = {"review": "行政复议", "suit_direct": "未经复议直接起诉", "suit_after_review": "复议后起诉"}
DECISIONS = {"licence_decisions": "行政许可", "penalty_decisions": "行政处罚", "coercion_decisions": "行政强制"}

PRINTS: Sequence[Callable[[int], str]] = (
    str, str, lambda n: f"{n}件", lambda n: f"{n:,}", lambda n: f"\u3000{n}\u00a0", lambda n: str(n) if n else "",
    lambda n: str(n) if n else "—", lambda n: str(n) if n else "/",
    lambda n: str(n).translate({48 + d: 0xFF10 + d for d in range(10)}))
_PROSE = "坚持以公开为常态、不公开为例外，健全审核制度，规范办理流程，加强平台建设和监督保障。" * 2
_BLANK = ("", "—", "/")
DEVIATIONS = ("words", "invisible", "broken", "grouped", "flat", "own head", "blank column", "row between", "more rows",
              "last year", "listed", "remark", "spoilt head", "lost label")


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its words and spans."""

    text: str
    down: int = 1
    across: int = 1


Table = list[list[Cell]]


@dataclass
class Report:
    """What an office writes: paragraphs and tables in order, and the figure of every cell (None: nothing to be read).

    Of `doubtful` cells the head or the label is lost: to say nothing of them is right, and so is their figure.
    """

    agency: str
    year: int
    deviations: frozenset[str]
    blocks: list[str | Table] = field(default_factory=list)
    figures: dict[Key, int | None] = field(default_factory=dict)
    doubtful: set[Key] = field(default_factory=set)

    @property
    def title(self) -> str:
        return f"{self.agency}{self.year}年政府信息公开工作年度报告"


def invent(seed: int, count: int = 3, without: frozenset[str] = frozenset()) -> Report:
    """The report of a seed, with `count` deviations at once, none of those `without`."""
    random = Random(seed)
    agency = random.choice(("射阳县林业局", "临汾市财政局", "蔚县代王城镇人民政府", "河北省司法厅", "国家税务总局勉县税务局"))
    report = Report(agency, random.randint(2021, 2025), frozenset(random.sample(
        [name for name in DEVIATIONS if name not in without], count)))
    show = random.choice(PRINTS)
    report.blocks += [report.title, f"本报告由{agency}编制，统计期限自{report.year}年1月1日起至{report.year}年12月31日止。",
                      "一、总体情况", f"{report.year}年主动公开信息{random.randint(9, 999)}条，比上年增长12.5%。" + _PROSE,
                      "二、主动公开政府信息情况", _decisions(report, random, show), "三、收到和处理政府信息公开申请情况"]
    report.blocks += _requests(report, random, show)
    if "last year" in report.deviations:
        report.blocks += [f"附：{report.year - 1}年申请情况（供对比）", *_requests(_forgotten(report), Random(seed + 1), str)]
    report.blocks += ["四、政府信息公开行政复议、行政诉讼情况", *_remedies(report, random, show),
                      "五、存在的主要问题及改进情况", "公开的时效性有待增强。", "六、其他需要报告的事项", "无", agency]
    return report


def _forgotten(report: Report) -> Report:
    return replace(report, deviations=frozenset(), blocks=[], figures={}, doubtful=set())


def _printed(report: Report, key: Key, value: int, show: Callable[[int], str]) -> Cell:
    text = show(value)
    report.figures[key] = None if text in _BLANK else value
    return Cell(text)


def _written(text: str, report: Report, random: Random) -> str:
    """A label as an editor leaves it: signs without width, spaces or line breaks inside."""
    at = random.randint(1, max(1, len(text) - 1))
    for name, sign in (("invisible", random.choice("\u200b\ufeff\u00ad")), ("broken", random.choice("\n\u3000 "))):
        text = text[:at] + sign + text[at:] if name in report.deviations else text
    return text


def _decisions(report: Report, random: Random, show: Callable[[int], str]) -> Table:
    table = [[Cell("信息内容"), Cell("本年处理决定数量")]]
    for name, label in DECISIONS.items():
        table.append([Cell(_written(label, report, random)), _printed(report, ("proactive", name, ""), _some(random), show)])
    return table


def _some(random: Random) -> int:
    return random.choice((0, 0, 0, random.randint(1, 9), random.randint(10, 20_000)))


def _requests(report: Report, random: Random, show: Callable[[int], str]) -> list[str | Table]:
    has = report.deviations.__contains__
    spoilt = random.choice(list(COLUMNS)[1:6]) if has("spoilt head") else ""
    names = {c: _written("数" if c == spoilt else name, report, random) for c, name in COLUMNS.items()}
    flat = [Cell("项目", 1, 2), *(Cell(f"法人或其他组织（{name}）" if has("flat") and 0 < at < 6 else name)
                                 for at, name in enumerate(names.values()))]
    head = [flat] if has("flat") or has("spoilt head") else [
        [Cell("项目", 3, 2), Cell("申请人情况", 1, 7)],
        [Cell(names["natural_person"], 2), Cell("法人或其他组织", 1, 5), Cell(names["total"], 2)],
        [Cell(names[c]) for c in list(COLUMNS)[1:6]]]
    if has("row between"):
        head.insert(1, [Cell("", 1, 9)])
    body = _rows(report, random, show)
    if has("more rows"):
        body.append([Cell("其中：网络申请", 1, 2), *(Cell(str(random.randint(0, 9))) for _ in COLUMNS)])
    if has("remark"):
        body.append([Cell("注：本表数据截至12月31日。", 1, 9)])
    if has("blank column"):
        head, body = ([[*row, Cell("")] for row in rows] for rows in (head, body))
    report.doubtful |= {key for key in report.figures if spoilt and key[2] == spoilt}
    return [head, body] if has("own head") else [[*head, *body]]


def _rows(report: Report, random: Random, show: Callable[[int], str]) -> Table:
    has = report.deviations.__contains__
    lost = random.choice(list(ROWS)) if has("lost label") else ""
    table: Table = []
    for name, (group, form, other) in ROWS.items():
        label = "" if name == lost else _written(other if has("words") else form, report, random)
        numbers = [_some(random) for _ in range(6)]
        values = [_printed(report, ("requests", name, c), n, show)
                  for c, n in zip(COLUMNS, [*numbers, sum(numbers)], strict=True)]
        report.doubtful |= {("requests", lost, column) for column in COLUMNS if lost}
        first = group and next(row for row in ROWS if ROWS[row][0] == group) == name
        if has("grouped") and first:
            table.append([Cell(group, 1, 2), *(Cell("") for _ in COLUMNS)])
        if has("grouped") or not group:
            labels = [Cell(label, 1, 2)]
        else:
            size = sum(ROWS[row][0] == group for row in ROWS)
            labels = [Cell(group, size), Cell(label)] if first else [Cell(label)]
        table.append([*labels, *values])
    return table


def _remedies(report: Report, random: Random, show: Callable[[int], str]) -> list[str | Table]:
    results = OTHER_RESULTS if "words" in report.deviations else RESULTS
    cells: dict[str, list[Cell]] = {}
    for way in WAYS:
        numbers = [_some(random) for _ in range(4)]
        cells[way] = [_printed(report, ("remedies", f"{way}_{result}", ""), n, show)
                      for result, n in zip(RESULTS, [*numbers, sum(numbers)], strict=True)]
    if "listed" in report.deviations:
        return [[[*([Cell(name, 5)] if at == 0 else []), Cell(result), cells[way][at]]
                 for way, name in WAYS.items() for at, result in enumerate(results.values())]]
    five = [Cell(name) for name in results.values()]
    return [[[Cell("行政复议", 1, 5), Cell("行政诉讼", 1, 10)],
             [*(Cell(name, 2) for name in results.values()), Cell(WAYS["suit_direct"], 1, 5),
              Cell(WAYS["suit_after_review"], 1, 5)], [*five, *five], [c for way in WAYS for c in cells[way]]]]
