"""Three questions answered from a release, as a reader of the data would ask them. Cells begin at `# %%`.

    nianbao export release --format datapackage
    pip install -e '.[release,examples]'
    python examples/three_questions.py release answers

writes three tables (CSV) and three charts (SVG) into `answers`.
"""

# %%
import sys
from pathlib import Path

import matplotlib
import pandas as pd

matplotlib.use("svg")
release, answers = map(Path, sys.argv[1:3])
answers.mkdir(parents=True, exist_ok=True)
panel = pd.read_parquet(release / "panel.parquet")
own = panel[panel.report_id.notna() & ~panel.scope.fillna("").str.startswith("aggregate")]      # never add up across scopes


def keep(name: str, table: pd.DataFrame, title: str, kind: str = "line") -> None:
    """The answer as a table and as a chart."""
    table.to_csv(answers / f"{name}.csv", encoding="utf-8-sig")
    axes = table.plot(kind=kind, title=title, figsize=(8, 4.5), **({"marker": "o"} if kind == "line" else {"stacked": True}))
    axes.figure.savefig(answers / f"{name}.svg", bbox_inches="tight")
    print(f"\n{title}\n{table.round(3).to_string()}")


# %% How often is information granted, by level of government and year?
# A blank cell is not a zero: a report counts only where both sides of the rate are printed.
granted = own[["granted_total", "partly_granted_total"]].sum(axis=1, min_count=2)
stated = own.assign(granted=granted).dropna(subset=["granted", "total_handled_total"])
sums = stated.groupby(["year", "level"])[["granted", "total_handled_total"]].sum()
rate = (sums.granted / sums.total_handled_total).where(sums.total_handled_total > 0).unstack("level")
keep("grant_rate", rate, "Granted or partly granted, share of all requests handled")

# %% Who is late? Of the years that were looked at, how many reports were on time, late, undated or absent?
looked = panel[panel.state.isin(["on_time", "late", "undated", "absent"])]
punctual = looked.groupby(["year", "state"]).size().unstack("state", fill_value=0)
keep("punctuality", punctual, "Reports by punctuality", "bar")
late = looked[looked.state.isin(["late", "absent"])][["agency_id", "agency", "year", "due_on", "published_on", "state"]]
late.to_csv(answers / "late.csv", index=False, encoding="utf-8-sig")

# %% Which outcomes of requests changed with the form of 2021? Shares of all outcomes, the form of 2019 against that of 2021.
OUTCOMES = {
    "granted": ["granted_total"], "partly granted": ["partly_granted_total"],
    "refused": [n for n in own.columns if n.startswith("refused_") and n.endswith("_total")],
    "not held": [n for n in own.columns if n.startswith("unavailable_") and n.endswith("_total")],
    "not processed": [n for n in own.columns if n.startswith("rejected_") and n.endswith("_total")],
    "other": [n for n in own.columns if n.startswith("other_") and n.endswith("_total")],
}
counted = pd.DataFrame({name: own[columns].sum(axis=1, min_count=1) for name, columns in OUTCOMES.items()})
forms = counted.groupby(own.format_version).sum()
shares = forms[forms.index.isin(["f2019", "f2021"])].T
shares = shares / shares.sum()
keep("outcomes", shares, "Outcomes of requests, share by form", "bar")
