"""The statutory form as data: ids, labels and spellings of every table, the rules, the functions, the taxonomies.

Each JSON file here holds one subject; `load("tables")["request_rows"]` gives its entries. Ids are stable English
snake_case and are what every export uses; labels are the official Chinese. Sources: 国办发〔2014〕32号,
国办公开办函〔2019〕60号, 国办公开办函〔2021〕30号, 《政府信息公开条例》(2019).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(subject: str) -> dict[str, Any]:
    """The parsed content of `<subject>.json`; treat it as read-only."""
    data: dict[str, Any] = json.loads(files(__name__).joinpath(f"{subject}.json").read_text(encoding="utf-8"))
    return data


def fields() -> Iterator[tuple[str, str, str, int, str, str, str]]:
    """Every statutory cell: (table_id, row_id, column_id, position, row label, column label, unit), as printed."""
    schema = load("tables")
    for n, field in enumerate(schema["proactive_fields"]):
        yield "proactive", field["id"], "", n, field["row"].split("/")[-1], field["label"], field["unit"]
    for n, row in enumerate(schema["request_rows"]):
        label = row["label"].split("/")[-1]
        for m, column in enumerate(schema["request_columns"]):
            yield "requests", row["id"], column["id"], n * 10 + m, label, column["label"], row["unit"]
    for table, subject in (("remedies", "remedy_fields"), ("stat2014", "stat2014_fields"),
                           ("stat2014", "local_pre2014_fields")):
        for n, field in enumerate(schema[subject]):
            yield table, field["id"], "", n, field["label"], "", field["unit"]
