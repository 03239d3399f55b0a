"""What `--write-witness` records: which proofs passed on the real files, and which of their regions ran."""

import hashlib
from pathlib import Path

import coverage
import pytest

from tests.real.checkout import Checkout
from tools.model import Project
from tools.source_map import source_maps
from tools.witness import Seen, lines_in_functions, regions_cited, write_witness


class Recorder:
    """A pytest plugin for one run in one process, without `-n`."""

    def __init__(self, checkout: Checkout, root: Path) -> None:
        self.checkout, self.root = checkout, root
        self.maps = source_maps()
        self.failed, self.passed = set[str](), set[str]()
        files = [str(checkout.root / file) for file in self.maps]
        self.coverage = coverage.Coverage(None, include=files, config_file=False)
        self.coverage.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Count the lines that run from now on for this test."""
        self.coverage.switch_context(proof_name(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what became of a test; one case that fails or is skipped is enough to fail it."""
        name = proof_name(report.nodeid)
        if not report.passed:
            self.failed.add(name)
        elif report.when == "call":
            self.passed.add(name)

    def pytest_sessionfinish(self) -> None:
        """Write the record."""
        self.coverage.stop()
        project = Project(self.root)
        ran, cited = self.regions(), regions_cited(project)
        seen = {
            name: Seen(proof.sum, regions)
            for name, proof in project.proofs().items()
            if name in self.passed - self.failed
            if (regions := sorted(ran.get(name, set()) & cited.get(name, set())))
        }
        files = {file: digest(self.checkout.read(file) or "") for file in self.maps}
        write_witness(self.root, {"commit": self.checkout.commit, "files": files}, seen)

    def regions(self) -> dict[str, set[str]]:
        """Return, by proof, the regions of which a line inside a function ran."""
        found: dict[str, set[str]] = {}
        for file, source in self.maps.items():
            inside = lines_in_functions(self.checkout.read(file) or "")
            ran = self.coverage.get_data().contexts_by_lineno(str(self.checkout.root / file))
            for region in source.innermost():
                lines = inside & set(range(region.start, region.end + 1))
                for name in {name for line in lines for name in ran.get(line, ())}:
                    found.setdefault(name, set()).add(f"{source.file}#{region.id}")
        return found


def proof_name(nodeid: str) -> str:
    """Return the dotted name of a test, without its case."""
    file, _, name = nodeid.partition("[")[0].partition("::")
    return f"{file.removesuffix('.py').replace('/', '.')}.{name}"


def digest(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
