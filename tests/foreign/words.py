"""The labels of the form as offices word them. Each is one of several; none is looked up in the parser's own lists."""

from __future__ import annotations

import re
from random import Random

COLUMNS: dict[str, tuple[str, ...]] = {
    "natural_person": ("自然人", "自然人", "自然人(件)", "自 然 人"),
    "company": ("商业企业", "商业\n企业", "商业企业"),
    "research_institute": ("科研机构", "科研\n机构", "科研机构"),
    "ngo": ("社会公益组织", "社会公益\n组织", "社会组织", "社会公益组织"),
    "legal_service": ("法律服务机构", "法律服务\n机构", "法律服务机构"),
    "other_org": ("其他", "其他", "其他组织", "其它"),
    "total": ("总计", "总计", "合计", "总 计"),
}
RESULTS = ("三、本年度办理结果", "三、本年度办理结果", "三、本年度办理情况", "三、本年办理结果")
REFUSED = ("（三）不予公开", "（三）不予公开", "（三）不予公开情况")
UNAVAILABLE = ("（四）无法提供", "（四）无法提供", "（四）无法提供信息")
REJECTED = ("（五）不予处理", "（五）不予处理", "（五）不予处理情况")
OTHER = ("（六）其他处理", "（六）其他处理", "（六）其他处理情况", "（六）其它处理")
_LEAVES: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {
    "new_received": (
        (),
        (
            "一、本年新收政府信息公开申请数量",
            "一、本年新收政府信息公开申请数量（件）",
            "一、本年度新收政府信息公开申请数量",
            "一、本年新收政府信息公开申请数",
            "一、本年新收申请数量",
        ),
    ),
    "carried_in": (
        (),
        (
            "二、上年结转政府信息公开申请数量",
            "二、上年度结转政府信息公开申请数量",
            "二、上年结转申请数量",
            "二、上一年结转政府信息公开申请数量",
            "二、上年结转政府信息公开申请数",
        ),
    ),
    "granted": ((RESULTS,), ("（一）予以公开", "（一）予以公开", "（一）予以公开数")),
    "partly_granted": (
        (RESULTS,),
        (
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
            "（二）部分公开",
            "（二）部分公开(区分处理的,只计这一情形，不计其他情形)",
        ),
    ),
    "refused_state_secret": ((RESULTS, REFUSED), ("1.属于国家秘密", "1.属于国家秘密", "1.属于国家秘密的", "1.涉及国家秘密")),
    "refused_other_law": (
        (RESULTS, REFUSED),
        ("2.其他法律行政法规禁止公开", "2.其他法律、行政法规禁止公开", "2.其它法律行政法规禁止公开", "2.其他法律法规禁止公开"),
    ),
    "refused_security_stability": (
        (RESULTS, REFUSED),
        (
            "3.危及“三安全一稳定”",
            '3.危及"三安全一稳定"',
            "3.危及三安全一稳定",
            "3.危及「三安全一稳定」",
            "3.危及‘三安全一稳定’",
        ),
    ),
    "refused_third_party": ((RESULTS, REFUSED), ("4.保护第三方合法权益", "4.保护第三方合法权益", "4.损害第三方合法权益")),
    "refused_internal_affairs": (
        (RESULTS, REFUSED),
        ("5.属于三类内部事务信息", "5.属于三类内部事务信息", "5.三类内部事务信息"),
    ),
    "refused_process_info": ((RESULTS, REFUSED), ("6.属于四类过程性信息", "6.属于四类过程性信息", "6.四类过程性信息")),
    "refused_enforcement_file": ((RESULTS, REFUSED), ("7.属于行政执法案卷", "7.属于行政执法案卷", "7.行政执法案卷信息")),
    "refused_admin_query": ((RESULTS, REFUSED), ("8.属于行政查询事项", "8.属于行政查询事项", "8.行政查询事项")),
    "unavailable_not_held": (
        (RESULTS, UNAVAILABLE),
        ("1.本机关不掌握相关政府信息", "1.本机关不掌握相关政府信息", "1.本单位不掌握相关政府信息", "1.本机关不掌握相关信息"),
    ),
    "unavailable_must_create": (
        (RESULTS, UNAVAILABLE),
        ("2.没有现成信息需要另行制作", "2.没有现成信息，需要另行制作", "2.没有现成信息需另行制作"),
    ),
    "unavailable_still_unclear": (
        (RESULTS, UNAVAILABLE),
        ("3.补正后申请内容仍不明确", "3.补正后申请内容仍不明确", "3.补正后申请内容仍不明确的"),
    ),
    "rejected_petition": ((RESULTS, REJECTED), ("1.信访举报投诉类申请", "1.信访、举报、投诉类申请", "1.信访举报投诉类申请")),
    "rejected_duplicate": ((RESULTS, REJECTED), ("2.重复申请", "2.重复申请", "2.重复申请的")),
    "rejected_publication": ((RESULTS, REJECTED), ("3.要求提供公开出版物", "3.要求提供公开出版物", "3.要求提供公开出版物的")),
    "rejected_excessive": (
        (RESULTS, REJECTED),
        ("4.无正当理由大量反复申请", "4.无正当理由大量反复申请", "4.无正当理由，大量反复申请"),
    ),
    "rejected_reconfirm": (
        (RESULTS, REJECTED),
        (
            "5.要求行政机关确认或重新出具已获取信息",
            "5.要求行政机关确认或重新出具已获取的信息",
            "5.要求行政机关确认或者重新出具已获取信息",
        ),
    ),
    "other_handled": ((RESULTS,), ("（六）其他处理", "（六）其他处理", "（六）其它处理", "（六）其他处理情况")),
    "other_no_correction": (
        (RESULTS, OTHER),
        (
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "1.申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请",
            "1.申请人无正当理由逾期不补正",
        ),
    ),
    "other_fee_unpaid": (
        (RESULTS, OTHER),
        (
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            "2.申请人逾期未按收费通知要求缴纳费用，行政机关不再处理其政府信息公开申请",
            "2.申请人逾期未按收费通知要求缴纳费用",
        ),
    ),
    "other_misc": ((RESULTS, OTHER), ("3.其他", "3.其他", "3.其它", "3.其他情形")),
    "total_handled": ((RESULTS,), ("（七）总计", "（七）总计", "（七）合计")),
    "carried_out": (
        (),
        (
            "四、结转下年度继续办理",
            "四、结转下年度继续办理",
            "四、结转下一年度继续办理",
            "四、结转至下年度继续办理",
            "四、结转下年度继续办理数量",
        ),
    ),
}
PROACTIVE_HEADS: dict[str, tuple[str, ...]] = {
    "made": ("本年新制作数量", "本年新制作\n数量", "本年新制作数量（件）"),
    "published": ("本年新公开数量", "本年新公开数量（件）"),
    "public_total": ("对外公开总数量", "对外公开\n总数量"),
    "issued": ("本年制发件数", "本年制发件数", "本年制发\n件数", "制发件数"),
    "repealed": ("本年废止件数", "本年废止\n件数", "废止件数"),
    "in_force": ("现行有效件数", "现行有效件数", "现行有效数"),
    "items_prev": ("上一年项目数量", "上一年项目\n数量", "上年项目数量"),
    "items_delta": ("本年增/减", "本年增／减", "本年增减"),
    "decisions": ("本年处理决定数量", "本年处理决定数量", "本年处理决定数", "处理决定数量"),
    "amount_wan": ("本年收费金额（单位：万元）", "本年收费金额\n（单位：万元）", "本年收费金额(万元)", "收费金额（万元）"),
    "projects": ("采购项目数量", "采购项目数"),
    "amount": ("采购总金额", "采购总金额（元）", "采购总金额"),
}
PROACTIVE_ROWS: dict[str, tuple[str, ...]] = {
    "rules": ("规章", "规章", "规 章"),
    "normdocs": ("行政规范性文件", "规范性文件", "行政规范性\n文件"),
    "licence": ("行政许可", "行政许可"),
    "other_service": ("其他对外管理服务事项", "其他对外管理\n服务事项", "其它对外管理服务事项"),
    "penalty": ("行政处罚", "行政处罚"),
    "coercion": ("行政强制", "行政强制"),
    "fee": ("行政事业性收费", "行政事业性\n收费"),
    "procurement": ("政府集中采购", "政府集中采购"),
}
ARTICLES = {"rules": "一", "licence": "五", "penalty": "六", "fee": "八", "procurement": "九"}
CONTENT = ("信息内容", "信息内容", "内容", "项目名称")
WAYS: dict[str, tuple[str, ...]] = {
    "review": ("行政复议", "行政复议"),
    "suit_direct": ("未经复议直接起诉", "未经复议\n直接起诉"),
    "suit_after_review": ("复议后起诉", "复议后\n起诉"),
}
OUTCOMES: dict[str, tuple[str, ...]] = {
    "upheld": ("结果维持", "结果\n维持", "维持"),
    "corrected": ("结果纠正", "结果\n纠正", "纠正"),
    "other": ("其他结果", "其他\n结果", "其它结果"),
    "pending": ("尚未审结", "尚未\n审结", "尚未审结"),
    "total": ("总计", "总计", "合计"),
}
HEADINGS: dict[str, tuple[str, ...]] = {
    "overview": ("总体情况", "总体情况", "工作总体情况", "概述"),
    "proactive": ("主动公开政府信息情况", "主动公开政府信息情况", "行政机关主动公开政府信息情况", "主动公开政府信息的情况"),
    "requests": ("收到和处理政府信息公开申请情况", "收到和处理政府信息公开申请情况", "行政机关收到和处理政府信息公开申请情况"),
    "remedies": (
        "政府信息公开行政复议、行政诉讼情况",
        "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "政府信息公开行政复议和行政诉讼情况",
    ),
    "problems": ("存在的主要问题及改进情况", "政府信息公开工作存在的主要问题及改进情况", "存在的主要问题和改进措施"),
    "other": ("其他需要报告的事项", "其他需要报告的事项", "需要报告的其他事项"),
}
_MARKS = (
    (re.compile(r"^(\d)\."), ("{}.", "{}.", "{}．", "{}、", "（{}）", "({})", "{}. ", "")),
    (re.compile(r"^（([一二三四五六七])）"), ("（{}）", "（{}）", "({})", "{}、", "（{}） ", "")),
    (re.compile(r"^([一二三四])、"), ("{}、", "{}、", "{}．", "（{}）", "{} 、", "")),
)


def wording(options: tuple[str, ...], random: Random, plain: float = 0.55) -> str:
    """The form's own words more often than not, else another office's."""
    return options[0] if random.random() < plain else random.choice(options)


class Marks:
    """How one table writes its enumerators: `1.` may be `（1）`, `（一）` may be `一、`, or nothing at all."""

    def __init__(self, random: Random) -> None:
        self.patterns = [forms[0] if random.random() < 0.6 else random.choice(forms) for _, forms in _MARKS]

    def __call__(self, label: str) -> str:
        for (mark, _), pattern in zip(_MARKS, self.patterns, strict=True):
            if found := mark.match(label):
                return pattern.format(found[1]) + label[found.end() :]
        return label


def row_path(row: str, random: Random, marks: Marks, chosen: dict[tuple[str, ...], str]) -> tuple[str, ...]:
    """The labels of a row from the outermost group to its own; a group keeps one wording within a table."""
    groups, own = _LEAVES[row]
    for group in groups:
        chosen.setdefault(group, marks(wording(group, random)))
    return (*(chosen[group] for group in groups), marks(wording(own, random)))
