"""Which proofs hold in which aiohttp: `python -m tools.versions` runs them and writes tests/versions.json.

ComfyUI does not pin aiohttp, so a reader may have any of these. Proofs that drive a browser are left out.
"""

import datetime
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from tools.model import ROOT, Project
from tools.witness import kind_by_text

RECORD = Path("tests/versions.json")
TESTS = ("tests/aiohttp", "tests/http", "tests/server")
SERIES = ("3.9", "3.11", "3.12", "3.13", "")  # the last of each; the last one is the newest of all
# What stood beside a version: a yarl from 1.10 on refuses the Host that aiohttp 3.9 hands it.
BESIDE = {"3.9": ["yarl<1.10"]}
# Warnings about the code of another version are no finding.
PYTEST = [
    "-m",
    "pytest",
    "-q",
    "-W",
    "ignore",
    "--tb=native",
    "--timeout=60",
    "--continue-on-collection-errors",
]
# What the tests are written with, and says nothing of how aiohttp behaves: lent to a version that lacks it.
LENT = {
    # So that the module can be read; no request takes it.
    "web.py": "\nif 'RequestKey' not in globals():  # 3.14.0\n"
    "    RequestKey = type('RequestKey', (), {'__init__': lambda *_: None, '__hash__': None})\n",
    "web_runner.py": "\nif not hasattr(TCPSite, 'port'):  # 3.14.0\n"
    "    TCPSite.port = property(lambda self: self._server.sockets[0].getsockname()[1])\n",
    "web_fileresponse.py": "\nif 'CONTENT_TYPES' not in globals():  # 3.10.0\n    CONTENT_TYPES = None\n",
    "test_utils.py": "\nfor generic in (TestClient, TestServer):  # 3.11.0\n"
    "    if not hasattr(generic, '__class_getitem__'):\n"
    "        generic.__class_getitem__ = classmethod(lambda cls, _: cls)\n",
}
# A test that asks for what this version lacks, or takes for ever, says nothing of its claim.
SAYS_NOTHING = re.compile(
    r"AttributeError|ImportError|ModuleNotFoundError|TypeError|Timeout \(>|collection failure"
    r"|127\.0\.0\.1:(?:0|80) "  # the port that TCPSite does not tell
)


SINCE = {"zh": "（aiohttp {} 起）", "en": " (since aiohttp {})"}
HOLDS_IN = {"zh": "（aiohttp {}）", "en": " (in aiohttp {})"}


class Outcome(NamedTuple):
    """In which versions a proof passes, and in which it fails; in the others it does not run."""

    passes: list[str]
    fails: list[str]


class Record(NamedTuple):
    """What was run when, and the proofs that do not pass in each version."""

    date: str
    python: str
    tests: list[str]
    versions: list[str]
    proofs: dict[str, Outcome]

    def differing(self) -> dict[str, Outcome]:
        """Return the proofs that pass in one version and fail in another: whose claims need a version."""
        return {name: outcome for name, outcome in self.proofs.items() if outcome.passes and outcome.fails}

    def note(self, proof: str, language: str) -> str:
        """Say in which series a claim holds, if it does not in all of them; else nothing."""
        if proof not in self.differing():
            return ""
        passes, fails = self.proofs[proof]
        last = self.versions.index(fails[-1])
        if all(self.versions.index(version) > last for version in passes):
            return SINCE[language].format(series(passes[0]))
        return HOLDS_IN[language].format((", " if language == "en" else "、").join(map(series, passes)))


def series(version: str) -> str:
    """Return what a version belongs to: 3.13 for 3.13.5."""
    return version.rpartition(".")[0]


@cache
def read(root: Path = ROOT) -> Record:
    """Return the record that the project has."""
    record = json.loads((root / RECORD).read_text("utf-8"))
    return Record(**{**record, "proofs": {name: Outcome(*both) for name, both in record["proofs"].items()}})


def write(root: Path, record: Record) -> None:
    """Write the record, a line for each proof."""
    proofs = ",\n  ".join(f"{json.dumps(name)}: {json.dumps(both)}" for name, both in record.proofs.items())
    text = json.dumps({**record._asdict(), "proofs": {}}, indent=1).replace("{}", "{\n  " + proofs + "\n }")
    (root / RECORD).write_text(text + "\n", "utf-8")


def install(wanted: str, place: Path) -> str:
    """Install the last aiohttp of a series into a folder; return its version."""
    packages = [f"aiohttp=={wanted}.*" if wanted else "aiohttp", *BESIDE.get(wanted, [])]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(place), *packages]
    subprocess.run(pip, check=True)
    for name, lines in LENT.items():
        with (place / "aiohttp" / name).open("a", encoding="utf-8") as file:
            file.write(lines)
    (found,) = metadata.distributions(name="aiohttp", path=[str(place)])
    return found.version


def run(place: Path) -> dict[str, bool | None]:
    """Run the proofs with the aiohttp in a folder: whether each passes, None if that says nothing."""
    path = os.pathsep.join([str(place), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    outcomes = dict[str, bool | None]()
    # Once more, one after the other, what failed: the rest of the machine is no finding either.
    for again in (["-n", "2"], ["-n", "0", "--last-failed", "--last-failed-no-failures=none"]):
        report = place / "report.xml"
        options = [
            "--continue-on-collection-errors",
            f"--junitxml={report}",
            "-o",
            f"cache_dir={place}/cache",
        ]
        command = [sys.executable, *PYTEST, *options, *without_browser(), *again, *TESTS]
        subprocess.run(command, cwd=ROOT, env=environment, check=False)
        outcomes |= dict(read_report(report))
    return {name: outcomes.get(name) for name in Project().proofs()}


def without_browser() -> list[str]:
    """Return the options that leave out the proofs that drive a browser."""
    proofs = Project().proofs().items()
    names = (name.rpartition(".") for name, proof in proofs if kind_by_text(proof) == "browser")
    return [f"--deselect={module.replace('.', '/')}.py::{test}" for module, _, test in names]


def read_report(report: Path) -> Iterator[tuple[str, bool | None]]:
    """Yield the tests of a report, each with all its parameters: passed, failed, or None."""
    cases = dict[str, list[ElementTree.Element]]()
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name', '').partition('[')[0]}"
        cases.setdefault(name, []).extend([*case.findall("failure"), *case.findall("error")])
    for name, failures in cases.items():
        texts = [f"{failure.get('message')} {failure.text}" for failure in failures]
        says_nothing = any(map(SAYS_NOTHING.search, texts))
        yield name, None if says_nothing else not texts


def summary(outcomes: dict[str, dict[str, bool | None]]) -> dict[str, Outcome]:
    """Return the proofs that do not pass in each version, of those that pass in one."""
    names = [name for name in Project().proofs() if any(seen[name] for seen in outcomes.values())]
    both = {
        name: Outcome(
            *([v for v, seen in outcomes.items() if seen[name] is wanted] for wanted in (True, False))
        )
        for name in names
    }
    return {name: outcome for name, outcome in both.items() if len(outcome.passes) < len(outcomes)}


def main() -> None:
    """Run the proofs with each version, and write the record."""
    outcomes = dict[str, dict[str, bool | None]]()
    with tempfile.TemporaryDirectory() as name:
        for wanted in SERIES:
            place = Path(name, wanted or "newest")
            version = install(wanted, place)
            outcomes[version] = run(place)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    write(ROOT, Record(today, platform.python_version(), list(TESTS), list(outcomes), summary(outcomes)))


if __name__ == "__main__":
    main()
