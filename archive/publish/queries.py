"""Questions with an address of their own: the stored queries of the site, the same on both versions of Datasette."""

from __future__ import annotations

QUERIES = {
    "grant_rate": {
        "title": "各层级公开率",
        "description": "予以公开和部分公开占全部办结的比例；只算本机关口径，汇总口径不与之相加",
        "sql": "select year, level, sum(granted + partly_granted) * 1.0 / sum(handled) as grant_rate, sum(reports) as reports"
               " from totals where scope = 'own' and handled is not null group by year, level order by year, level"},
    "late": {
        "title": "迟发的年报",
        "description": "公布日期晚于法定期限的年报，最近的在前",
        "sql": "select report_id, agency, year, published_on, due_on from reports where state = 'late'"
               " and year = coalesce(nullif(:year, ''), year) order by year desc, published_on desc limit 1000"},
    "does_not_add_up": {
        "title": "数字对不上的年报",
        "description": "未处理的错误，按规则",
        "sql": "select c.rule, r.title as rule_title, count(*) as reports from checks c join rules r using (rule)"
               " where c.severity = 'error' and c.settled is null group by 1 order by 3 desc"},
}
