"""What leaves the archive for other projects. One module per format, each with `write(db, folder) -> list[Path]`.

Missing, blank, zero and not applicable stay four different things: a cell has a value, or a status that says why not.
"""
