"""What is installed is pinned and known by its hash, pins agree with what the project asks for, no secret is in the source."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PINS = {canonicalize_name(name): (version, hashes.count("sha256:")) for name, version, hashes in re.findall(
    r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", LOCK, re.M)}
#: what a key or a password looks like where it stands in a file
SECRET = re.compile(r"-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bxox[bap]-\w{10,}"
                    r"|https?://[^/\s:@\"'{]+:[^/\s:@\"'{]{4,}@"
                    r"|\b(?:password|passwd|api_?key|secret)\b['\"]?\s*[:=]\s*['\"][\w+/=-]{12,}['\"]", re.I)


def asked() -> Iterator[Requirement]:
    """Everything pyproject.toml asks for: to run, for its extras, and to work on it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values(),
              *project["dependency-groups"].values()]
    yield from (Requirement(each) for group in groups for each in group)


@pytest.mark.parametrize("wanted", list(asked()), ids=str)
def test_what_the_project_asks_for_is_pinned_within_its_bounds(wanted: Requirement) -> None:
    version, _ = PINS[canonicalize_name(wanted.name)]
    assert wanted.specifier.contains(Version(version)), "run `make lock`"


def test_every_line_of_the_lock_is_a_pin_with_hashes_and_names_no_place() -> None:
    lines = [line for line in LOCK.splitlines() if not line.startswith(("#", "    --hash=sha256:"))]
    assert len(lines) == len(PINS)
    assert all(hashes >= 1 for _, hashes in PINS.values())
    assert not re.search(r"://|--(?:extra-)?index|--find-links|file:", LOCK)


def test_no_secret_stands_in_any_file_of_the_project() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\0")
    texts = [ROOT / name for name in listed if name and (ROOT / name).is_file()] or [*ROOT.glob("*/*.py")]
    assert len(texts) > 100
    found = [(path.name, match[0]) for path in texts if path.stat().st_size < 2_000_000
             if (match := SECRET.search(path.read_bytes().decode("utf-8", "ignore")))]
    assert not [each for each in found if each[0] != Path(__file__).name]
