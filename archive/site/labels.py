"""Words of the site, Chinese; the statutory rows' labels come from the archive's own `field` table."""

from __future__ import annotations

TAGS = {"agency": "机关", "level": "层级", "division_code": "行政区划", "function": "职能", "body_type": "机关类型",
        "scope": "统计范围", "year": "报告年度", "format_version": "格式", "agency_id": "机关编号"}
LEVELS = {"national": "国家级", "province": "省级", "prefecture": "地级", "county": "县级", "township": "乡级"}
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
STATES = {"on_time": "按时", "late": "迟发", "undated": "无日期", "absent": "未见", "blocked": "受阻",
          "not_looked": "未查看", "not_yet_due": "未到期"}
OUTCOMES = {"complete": "完整", "partial": "部分", "empty": "确为空", "refused": "被拒", "broken": "未能识别"}
REFUSALS = {"blank": "空", "position_lost": "错位"}
