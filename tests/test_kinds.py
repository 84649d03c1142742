"""What is no report although it says so: notices with the empty form, lists, pictures of figures; and letters that are one."""

from __future__ import annotations

import pytest

from parsers import parse

ROWS = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开", "四、结转下年度继续办理"]
HEAD = ["", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
PARTS = ["一、总体情况", "主动公开信息120条。", "三、收到和处理政府信息公开申请情况"]


def form(figure: str) -> str:
    rows = "".join(f"<tr><td>{label}</td>{f'<td>{figure}</td>' * 7}</tr>" for label in ROWS)
    return "<table><tr>" + "".join(f"<td>{name}</td>" for name in HEAD) + f"</tr>{rows}</table>"


def kind(title: str, lines: list[str], more: str = "") -> str:
    words = "".join(f"<p>{line}</p>" for line in lines)
    return parse(f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{words}{more}</body></html>".encode()).kind


@pytest.mark.parametrize("title", [
    "关于做好2023年度政府信息公开工作年度报告编制和发布工作的通知", "政府信息公开工作年度报告（范文）"])
def test_a_notice_or_a_pattern_with_the_empty_form_is_no_report(title: str) -> None:
    assert kind(title, ["各县（区）人民政府，市政府各部门：", *PARTS], form("")) == "other"


@pytest.mark.parametrize("title", ["一图读懂唐山市2023年政府信息公开工作年度报告", "图解：唐山市教育局2023年政府信息公开年报"])
def test_a_picture_of_the_figures_is_no_report(title: str) -> None:
    assert kind(title, ["全市收到政府信息公开申请312件，办结300件。"]) == "other"


def test_the_list_of_a_column_is_no_report() -> None:
    names = "".join(f"<li><a href='/{y}.html'>唐山市教育局{y}年政府信息公开工作年度报告</a></li>" for y in range(2015, 2024))
    assert kind("政府信息公开年报", [], f"<ul>{names}</ul>") == "other"


def test_a_letter_around_a_report_is_a_report() -> None:
    title = "关于报送2023年政府信息公开工作年度报告的函"
    lines = ["县政府办公室：现将蔚县司法局2023年政府信息公开工作年度报告报送如下。", *PARTS]
    assert kind(title, lines, form("0")) == "report"


def test_a_national_body_named_in_full_is_no_bureau_of_the_site_that_shows_its_report() -> None:
    text = "根据《中华人民共和国政府信息公开条例》要求，由国家铁路局编制2015年度政府信息公开工作年度报告。\n一、概述\n" \
           "2015年我局认真贯彻条例，全年公开信息20条。\n二、主动公开政府信息的情况\n略\n国家铁路局\n2016年1月18日\n网站标识码：1307260001"
    assert parse(text.encode()).tags["agency"].value in (None, "国家铁路局")
    assert parse(text.replace("\n国家铁路局\n", "\n").encode()).tags["agency"].value in (None, "国家铁路局")
