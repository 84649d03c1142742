"""docs/RULES.md, written from rules.json: `python -m parsers.checks.page > docs/RULES.md`."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.checks.rules import Rule, rules

_GROUPS = {
    "S": "Structure · 结构", "C": "Cells · 单元格", "A": "Sums · 勾稽关系", "L": "Logic · 逻辑", "Y": "Across years · 跨年",
    "N": "Narrative · 正文", "M": "Metadata · 元数据", "T": "Timeliness · 时效", "P": "Plausibility · 合理性",
    "D": "Duplicates · 雷同",
}
_OPENING = """# The rules

Written from `parsers/schema/rules.json` by `python -m parsers.checks.page`; a test holds it current.

A rule gives `pass`, `fail`, `pass_assuming_blank_zero`, `fail_assuming_blank_zero` (only if blanks and `/` count as zero; its
severity is one step lower) or `not_assessable`. **error**: statutory content or printed arithmetic is broken. **warning**:
probably wrong. **info**: form or context. Severity grades the finding, not the agency; what passes or cannot be
assessed carries `info`.
Where two severities stand, the rule gives either, by how grave the finding is.
Values are never changed: possible repairs are listed as issues of kind `repair-candidate`.

Rules marked *across years* and *across agencies* compare several reports (`parsers.checks.history`, `parsers.checks.peers`).
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_OPENING, *(line for letter in _GROUPS for line in _group(letter))])


def _group(letter: str) -> Iterator[str]:
    yield f"## {_GROUPS[letter]}\n"
    yield "| rule | 含义 | what must hold | severity | forms |"
    yield "|---|---|---|---|---|"
    yield from (_line(rule) for rule in rules().values() if rule.id.startswith(letter))
    yield ""


def _line(rule: Rule) -> str:
    across = {"history": " *across years*", "peers": " *across agencies*"}.get(rule.across, "")
    note = f" ({rule.note})" if rule.note else ""
    what = f"{rule.title_en}: `{rule.expr}`{note}{across}".replace("|", "\\|")
    return f"| `{rule.id}` | {rule.title} | {what} | {' / '.join(rule.severity)} | {', '.join(rule.versions)} |"


if __name__ == "__main__":
    print(page(), end="")
