"""The words for coded values, Chinese and English: kind → id → (Chinese, English). Functions come from the parsers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TERMS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType({
    "level": {
        "national": ("国家级", "national"), "province": ("省级", "province"), "prefecture": ("地级", "prefecture"),
        "county": ("县级", "county"), "township": ("乡级", "township")},
    "body_type": {
        "government": ("人民政府", "people's government"), "government_office": ("政府办公厅（室）", "government office"),
        "department": ("政府工作部门", "department"), "directly_affiliated": ("直属机构", "directly affiliated body"),
        "dispatched_government": ("派出机关", "dispatched government"),
        "dispatched_department": ("部门派出机构", "dispatched department"),
        "vertical": ("垂直管理机构", "vertically managed body"),
        "authorised_org": ("授权组织", "authorised organisation"),
        "public_enterprise": ("公共企事业单位", "public enterprise"),
        "party_or_mass": ("党委机构、群团", "party or mass organisation"),
        "township_government": ("乡镇人民政府", "township government"),
        "unknown": ("未说明", "not stated")},
    "scope": {
        "own": ("本机关", "own office"), "aggregate_departments": ("本级政府及部门汇总", "government with its departments"),
        "aggregate_region": ("行政区域汇总", "whole region"), "unknown": ("未说明", "not stated"),
        "aggregate": ("汇总", "aggregate")},
    "format_version": {
        "f2008": ("2008 年起自由文本", "free text, 2008 on"), "f2008s": ("地方指标附表", "local annex"),
        "f2014": ("2014 年统计表", "statistical table of 2014"), "f2019": ("2019 年格式", "form of 2019"),
        "f2021": ("2021 年格式", "form of 2021")},
    "severity": {"error": ("错误", "error"), "warning": ("警告", "warning"), "info": ("提示", "note")},
    "verdict": {
        "pass": ("相符", "pass"), "fail": ("不符", "fail"), "not_assessable": ("无从核对", "cannot be assessed"),
        "pass_assuming_blank_zero": ("空白作零则相符", "pass if blanks are zero"),
        "fail_assuming_blank_zero": ("空白作零则不符", "fail if blanks are zero")},
    "state": {
        "on_time": ("按时", "on time"), "late": ("迟发", "late"), "undated": ("无日期", "undated"),
        "unparsed": ("未读懂", "there, not understood"), "absent": ("未见", "absent"), "overdue": ("逾期未见", "overdue"),
        "blocked": ("受阻", "blocked"), "not_looked": ("未查看", "not looked at"), "not_yet_due": ("未到期", "not yet due")},
    "outcome": {
        "complete": ("完整", "complete"), "partial": ("部分", "partial"), "empty": ("确为空", "proved empty"),
        "refused": ("被拒", "refused"), "broken": ("未能识别", "not understood"), "ok": ("取得", "fetched"),
        "not_modified": ("未变", "unchanged")},
    "refusal": {
        "robots": ("robots 不许", "robots.txt"), "geo": ("地域限制", "geo block"), "waf": ("防火墙拦截", "firewall"),
        "challenge": ("要求验证", "challenge"), "tls": ("证书或加密失败", "TLS"), "dns": ("域名无解", "DNS"),
        "timeout": ("超时", "timeout"), "gone": ("已无此页", "gone"), "soft-404": ("假 200 的错误页", "soft 404"),
        "server-error": ("服务器错误", "server error"), "needs-browser": ("须用浏览器", "needs a browser"),
        "needs-adapter": ("尚无适配", "needs an adapter"), "private": ("内网地址", "private address"),
        "too-large": ("过大", "too large"), "truncated": ("不完整", "truncated"), "error": ("出错", "error")},
    "relation": {
        "renamed": ("更名", "renamed"), "succeeded": ("承继", "succeeded"), "merged_into": ("并入", "merged into"),
        "moved": ("区划调整", "moved")},
    "change": {
        "first": ("首次", "first"), "copy": ("副本", "copy"), "amended": ("改动", "amended"),
        "reissued": ("重新发布", "reissued"),
        "cosmetic": ("仅版面不同", "cosmetic")},
    "version_state": {
        "current": ("现存", "current"), "replaced": ("已被替换", "replaced"), "removed": ("已撤下", "removed")},
    "table": {
        "proactive": ("二、主动公开政府信息情况", "2. Information published on own initiative"),
        "requests": ("三、收到和处理政府信息公开申请情况", "3. Requests received and handled"),
        "remedies": ("四、行政复议、行政诉讼情况", "4. Administrative reviews and suits"),
        "stat2014": ("统计表", "Statistical table")},
    "proof": {
        "last-page": ("翻到末页", "last page reached"), "single-page": ("只有一页", "a single page"),
        "repeat": ("再翻即重复", "pages repeat"), "empty-marker": ("页面自称无内容", "the page says it is empty"),
        "empty-datastore": ("数据源已尽", "the data source is exhausted"),
        "declared-total": ("与声明条数相符", "declared total met"),
        "sub-columns": ("已走到各子栏目", "its sub-columns were walked")},
    "issue": {
        "repair-candidate": ("可能的更正", "possible correction"), "page-split": ("表格被分页切断", "table cut by a page"),
        "needs-ocr": ("须文字识别", "needs OCR"), "picture": ("图片", "a picture"), "truncated": ("不完整", "truncated"),
        "no-text": ("没有文字", "no text"), "unknown-row": ("不认识的行", "unknown row"),
        "too-many-pages": ("页数过多", "too many pages"), "page-too-full": ("一页过满", "page too full"),
        "damaged-page": ("页面损坏", "damaged page"), "numbering": ("编号有异", "odd numbering"),
        "numbering-broken": ("编号中断", "numbering broken"), "position-lost": ("列位丢失", "place lost"),
        "page-not-file": ("网页而非文件", "a page, not a file"),
        "other-member": ("压缩包内另有文件", "other file in the archive"),
        "nested-archive": ("包中有包", "archive in an archive"), "large-table": ("表格过大", "large table"),
        "heading-variant": ("标题不合格式", "heading variant"), "header-missing": ("缺表头", "header missing"),
        "foreign-part": ("他处内容", "foreign part"), "duplicate-table": ("表格重复", "duplicate table"),
        "cut-off": ("被纸边切去", "cut off by the margin"), "converter-artefact": ("转换残留", "converter artefact"),
        "surplus-values": ("多出的数字", "surplus values"), "review": ("待人工看", "to be reviewed"),
        "ocr": ("文字识别", "OCR"), "ocr-weighed": ("识别经核算取舍", "OCR weighed by sums"),
        "ocr-doubtful": ("识别存疑", "OCR in doubt"),
        "damaged": ("文件损坏", "damaged")},
    "source": {
        "title": ("标题", "title"), "quoted_title": ("正文所引标题", "quoted title"),
        "agency_prefix": ("标题中的机关", "agency in the title"), "period_sentence": ("统计期限一句", "period sentence"),
        "link_text": ("链接文字", "link text"), "body_type": ("机关类型", "kind of body"), "table": ("表格", "table")},
    "section": {"preamble": ("前言", "Preamble")},
    "status": {
        "blank": ("空", "blank"), "position_lost": ("错位", "place lost"), "na_mark": ("不适用", "not applicable")},
})
