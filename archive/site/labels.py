"""Words of the site, Chinese; the statutory rows' labels come from the archive's own `field` table."""

from __future__ import annotations

TAGS = {"agency": "机关", "level": "层级", "division_code": "行政区划", "function": "职能", "body_type": "机关类型",
        "scope": "统计范围", "year": "报告年度", "format_version": "格式", "agency_id": "机关编号"}
LEVELS = {"national": "国家级", "province": "省级", "prefecture": "地级", "county": "县级", "township": "乡级"}
VALUES = LEVELS | {
    "government": "人民政府", "government_office": "政府办公厅（室）", "department": "政府工作部门",
    "directly_affiliated": "直属机构",
    "dispatched_government": "派出机关", "dispatched_department": "部门派出机构", "vertical": "垂直管理机构",
    "authorised_org": "授权组织", "public_enterprise": "公共企事业单位", "party_or_mass": "党委机构、群团",
    "township_government": "乡镇人民政府", "own": "本机关", "aggregate_departments": "本级政府及部门汇总",
    "aggregate_region": "行政区域汇总", "unknown": "未说明",
    "f2008": "2008 年起自由文本", "f2008s": "地方指标附表", "f2014": "2014 年统计表", "f2019": "2019 年格式",
    "f2021": "2021 年格式"}
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
STATES = {"on_time": "按时", "late": "迟发", "undated": "无日期", "absent": "未见", "blocked": "受阻",
          "not_looked": "未查看", "not_yet_due": "未到期"}
OUTCOMES = {"complete": "完整", "partial": "部分", "empty": "确为空", "refused": "被拒", "broken": "未能识别"}
REFUSALS = {"blank": "空", "position_lost": "错位"}
