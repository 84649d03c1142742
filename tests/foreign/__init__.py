"""Reports as other offices draw them: a second generator that shares no layout, label or renderer with `tests.generator`.

`invent(seed)` gives the figures as written, `drawing` the tables as drawn, `html`, `word`, `sheet` and `plain` the files,
and `judge` counts what was read exactly, missed, read wrongly or invented.
"""
