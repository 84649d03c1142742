"""Lines that pages print around a report and no other copy of it does: dates of posting, counters, buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.grids import Line, Part

_DATE = r"(?:\d{2,4}[-年/.]\d{1,2}(?:[-月/.]\d{1,2}日?)?|\d{8})?(?:T?\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{1,2}秒?)?分?)?"
#: a label with its value, or a button: one of these makes a line furniture if fillers make up the rest
_STRONG = re.compile("|".join((
    rf"(?:信息|文章|稿件|内容|网站)?(?:发布|更新|发表|录入|上传|上网|公开|公布|创建|编辑)(?:日期|时间)[:：]?{_DATE}",
    rf"(?:日期|时间)[:：]{_DATE}",
    r"(?:信息|文章|稿件|内容|文件)?(?:来源|出处|作者|责任编辑|责编|编辑|审核|审核人|初审|复审|终审|发布人|录入人?|录入员|供稿人?|撰稿人?"
    r"|发布机构|发布单位|发布者|信息提供|访问量)[:：]\S{0,40}",
    r"(?:已)?(?:浏览|点击|阅读|访问|下载|查看|观看)(?:次数|量|率|数)?[:：]?\d*次?",
    r"人气[:：]?\d*|您是第\d*位(?:访客|读者|访问者)|累计次数[:：]?\d*",
    r"(?:文章|文字|显示)?(?:字体|字号)(?:大小)?[:：]?(?:大中小|[大中小])?|文字大小[:：]?|视力保护色[:：]?",
    r"分享(?:到|至)?[:：]?(?:微信|微博|新浪微博|QQ空间|朋友圈|更多)*|收藏(?:本页|本文)?|复制链接|加入收藏|推荐给?朋友",
    r"打印(?:本页|本文|此页|页面|文章)?|关闭(?:本页|窗口|此页|页面|本窗口)?|保存(?:本页)?|导出(?:pdf|word)?",
    r"我要(?:纠错|打印|分享|收藏|评论)|纠错|返回(?:顶部|首页|列表|上一页|上页)?|回到顶部|top|(?:点击)?下载(?:文件|本文|pdf|word)?",
    r"(?:用)?(?:手机|微信)?扫(?:一扫|码|描二维码)\S{0,20}|打开\S{0,6}二维码",
    r"(?:点击)?(?:收听|朗读|播放|语音播报|语音朗读)\S{0,12}|点击收听\S{0,16}|无障碍(?:浏览|阅读)?|长者(?:模式|专区|版)",
    r"[上下]一(?:篇|条|页)[:：]?.{0,80}",
    r"相关(?:链接|文章|阅读|信息|稿件|新闻|附件|文件|文档)[:：]?|附件(?:下载|列表)?\d*[:：]?(?:已下载\d*次?)?",
    r"首页|(?:政府)?网站标识码\S{0,20}",
)), re.I)
_FILLER = re.compile(rf"{_DATE}|\d+(?:[.、]|人?次)?|人?次|[大中小]|默认|正常|特大|超大|[AＡ][+-]?|[+|｜\-—/、；;·•]+"
                     r"|微信|微博|QQ空间|[:：]|未知|本站|原创|到")
_LOOSE = re.compile(r"([:：])\s+")
_TOKENS = re.compile(r"[\s　|｜【】\[\]（）()<>]+")


def without(parts: Iterable[Part]) -> list[Part]:
    """The parts that belong to the text."""
    return [part for part in parts if not (isinstance(part, Line) and is_furniture(part.text))]


def is_furniture(line: str) -> bool:
    """Whether a line is made of nothing but labels, buttons and counters of the page."""
    if len(line) > 200 or line.endswith(("。", "；")):
        return False
    if line.startswith("{{") and line.endswith("}}"):        # a template that a script should have filled
        return True
    tokens = [token for token in _TOKENS.split(_LOOSE.sub(r"\1", line)) if token]
    strong = False
    for token in tokens:
        if _STRONG.fullmatch(token):
            strong = True
        elif not _FILLER.fullmatch(token):
            return re.match(r"(?:上|下)一(?:篇|条)\s*[:：]", line) is not None
    return strong
