"""One report as text for the terminal: tags and why, tables, what does not add up, what was not understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from parsers.schema import load

TAGS = {"agency": "机关", "agency_id": "机关编号", "function": "职能", "level": "层级", "division_code": "区划",
        "body_type": "类型", "scope": "范围", "year": "年度", "format_version": "格式"}
SEVERITY = {"error": ("错误", "red"), "warning": ("警告", "yellow"), "info": ("提示", "blue")}


def report_text(name: str, report: Mapping[str, Any]) -> str:
    """`report` is the object of `read --json`; also works when the file could not be read (issues only)."""
    parts = [click.style(name, bold=True)]
    if "tags" in report:
        parts += [report["title"], "", *_tags(report), "", *_tables(report), *_checks(report)]
    parts += _issues(report)
    return "\n".join(parts) + "\n"


def _tags(report: Mapping[str, Any]) -> Iterator[str]:
    for name, label in TAGS.items():
        tag = report["tags"].get(name)
        if tag is None:
            continue
        value = "（证据不足）" if tag["value"] is None else tag["value"]
        why = "; ".join(f"{e['source']} {e['locator']} “{_short(e['quote'])}”" for e in tag["evidence"][:2])
        yield f"  {label}\t{value}\t{tag['confidence']:.2f}\t{why}"


def _tables(report: Mapping[str, Any]) -> Iterator[str]:
    schema = load("tables")
    labels = {f["id"]: f"{f['row']} {f['label']}" for f in schema["proactive_fields"]}
    labels |= {f["id"]: f["label"] for f in schema["remedy_fields"] + schema["stat2014_fields"]}
    for table, title in (("proactive", "二、主动公开"), ("remedies", "四、复议诉讼"), ("stat2014", "统计表")):
        if report[table]:
            yield f"{title}（{report['formats'].get(table, '?')}）"
            yield from (f"  {labels.get(i, i)}\t{_shown(c)}" for i, c in report[table].items())
    if report["requests"]:
        columns = schema["request_columns"]
        yield f"三、申请（{report['formats'].get('requests', '?')}）\t" + "\t".join(c["label"] for c in columns)
        rows = {r["id"]: r["label"].split("/")[-1] for r in schema["request_rows"]}
        for row, cells in report["requests"].items():
            yield f"  {_short(rows[row], 16)}\t" + "\t".join(_shown(cells.get(c["id"])) for c in columns)
    yield ""


def _checks(report: Mapping[str, Any]) -> Iterator[str]:
    failed = [c for c in report["checks"] if c["verdict"].startswith("fail")]
    passed = sum(c["verdict"].startswith("pass") for c in report["checks"])
    yield f"核对：{passed} 项相符，{len(failed)} 项不符"
    for check in failed:
        word, colour = SEVERITY[check["severity"]]
        yield f"  {click.style(word, fg=colour)} {check['rule']} {check['message']} {check['where']}".rstrip()


def _issues(report: Mapping[str, Any]) -> list[str]:
    issues = [f"  {i['kind']}: {i['message']} {i['where']}".rstrip() for i in report["issues"]]
    return ["待查：", *issues] if issues else []


def _shown(cell: Mapping[str, Any] | None) -> str:
    """The value, or what stands in its place: blank ·, lost ?, otherwise as printed."""
    if cell is None:
        return "·"
    if cell["value"] is not None:
        return f"{cell['value']}{cell['unit'] if cell['unit'] in ('万元', '元') else ''}"
    return {"blank": "·", "position_lost": "?"}.get(cell["status"]) or str(cell["raw"])


def _short(text: str, length: int = 30) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length] + "…"
