"""Which proofs hold in which aiohttp: the record, what is said of it, and how a report is read."""

from pathlib import Path

import pytest

from tools import generated, versions
from tools.model import LANGUAGES, ROOT, Project
from tools.versions import Outcome, Record

VERSIONS = ["3.9.5", "3.11.18", "3.14.5"]
RECORD = Record(
    "2026-01-01",
    "3.11.7",
    ["tests/demo"],
    VERSIONS,
    {
        "new": Outcome(["3.14.5"], ["3.9.5", "3.11.18"]),
        "between": Outcome(["3.11.18"], ["3.9.5", "3.14.5"]),
        "unknown": Outcome(["3.11.18", "3.14.5"], []),
    },
)
REPORT = """<testsuites><testsuite>
<testcase classname="tests.demo.test_echo" name="test_good[1]"/>
<testcase classname="tests.demo.test_echo" name="test_half[1]"/>
<testcase classname="tests.demo.test_echo" name="test_half[2]">
<failure message="AssertionError: assert 1 == 2">text</failure></testcase>
<testcase classname="tests.demo.test_echo" name="test_lacks">
<failure message="AttributeError: module has no RequestKey">text</failure></testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("proof", "en", "zh"),
    [
        ("new", " (since aiohttp 3.14)", "（aiohttp 3.14 起）"),
        ("between", " (in aiohttp 3.11)", "（aiohttp 3.11）"),
        ("unknown", "", ""),
        ("everywhere", "", ""),
    ],
)
def test_says_since_when_a_claim_holds(proof: str, en: str, zh: str) -> None:
    """Only of a claim that fails somewhere: a proof that did not run there says nothing."""
    assert (RECORD.note(proof, "en"), RECORD.note(proof, "zh")) == (en, zh)


def test_reads_a_report(tmp_path: Path) -> None:
    """One parameter that fails fails the proof; what the version lacks says nothing of the claim."""
    (tmp_path / "report.xml").write_text(REPORT, "utf-8")
    assert dict(versions.read_report(tmp_path / "report.xml")) == {
        "tests.demo.test_echo.test_good": True,
        "tests.demo.test_echo.test_half": False,
        "tests.demo.test_echo.test_lacks": None,
    }


def test_keeps_what_it_writes(tmp_path: Path) -> None:
    """A record is read as it was written."""
    (tmp_path / "tests").mkdir()
    versions.write(tmp_path, RECORD)
    assert versions.read(tmp_path) == RECORD


def test_records_proofs_that_exist() -> None:
    """A proof that was renamed since is refused: its ✓ would lose its version."""
    record = versions.read(ROOT)
    assert record.proofs.keys() <= Project().proofs().keys()
    assert all({*passes, *fails} <= set(record.versions) for passes, fails in record.proofs.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_the_claims_that_differ(language: str) -> None:
    """Each has a row, with a mark for each version."""
    run, _, head, _, *rows = generated.version_table(language)
    record = versions.read(ROOT)
    assert record.date in run
    assert head.count("|") == len(record.versions) + 2
    assert len(rows) == len(record.differing())


def test_each_version_is_installed_before_its_proofs_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the proofs would run with the aiohttp of the project, and all would pass."""
    steps: list[str] = []

    def install(wanted: str, place: Path) -> str:
        steps.append("install")
        return wanted

    def run(place: Path) -> dict[str, bool | None]:
        steps.append("run")
        return {}

    monkeypatch.setattr(versions, "install", install)
    monkeypatch.setattr(versions, "run", run)
    monkeypatch.setattr(versions, "write", lambda root, record: None)
    monkeypatch.setattr(versions, "summary", lambda outcomes: {})
    versions.main()
    assert steps == ["install", "run"] * len(versions.SERIES)
