"""Reports whose every fact is known, because they were invented: an oracle that shares no code with the readers.

`make(seed)` gives a `Truth`; `LAYOUTS[name].render(truth)` gives its bytes as some office would have published it.
"""

from tests.generator.make import make
from tests.generator.model import Expected, Truth

__all__ = ["Expected", "Truth", "make"]
