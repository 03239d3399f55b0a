"""A ✓ says how it is known, and no longer that it was seen on ComfyUI once its proof has changed."""

import json

import pytest

from tests.minimal_project import Guard, assert_none, assert_refuses, replace_text
from tools.checks import witness as check
from tools.model import Project
from tools.source_map import source_maps
from tools.witness import WITNESS, kinds, lines_in_functions, read_witness

RECORD = '{"proofs": {"tests.demo.test_echo.test_echo_returns": {"sum": "SUM", "regions": ["REGION"]}}}'
PROOF = "tests.demo.test_echo.test_echo_returns"


def record(project: Project, region: str = "server.py#cache_control") -> None:
    """Write a witness: the proof as it stands was seen to run this region."""
    text = RECORD.replace("SUM", project.proofs()[PROOF].sum).replace("REGION", region)
    (project.root / WITNESS).parent.mkdir(exist_ok=True)
    (project.root / WITNESS).write_text(text, "utf-8")


def test_what_was_seen_is_unchanged() -> None:
    """No proof has changed since it ran on the real files."""
    assert_none(check.problems(Project()))


def test_the_record_is_of_the_commit_that_the_maps_name() -> None:
    """And what it says was run stands in them."""
    project = Project()
    named = {region for seen in read_witness(project.root).values() for region in seen.regions}
    known = {f"{file}#{x.id}" for file, source in source_maps().items() for x in source.innermost()}
    assert named <= known
    assert (
        json.loads((project.root / WITNESS).read_text("utf-8"))["commit"] == source_maps()["server.py"].commit
    )


GUARDS: dict[str, Guard] = {
    "changed": ("tests/demo/test_echo.py", "assert True", "assert 1", f"{PROOF}: changed since it passed"),
    "reworded": (
        "tests/demo/test_echo.py",
        "An echo returns",
        "Each echo returns",
        "changed since it passed",
    ),
    "gone": ("tests/demo/test_echo.py", "test_echo_returns", "test_gone", "there is no such proof"),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_refuses(guard: Guard, minimal_project: Project) -> None:
    """A proof that is not the one that was seen is named."""
    record(minimal_project)
    assert_refuses(check.problems, minimal_project, guard)


def test_a_helper_belongs_to_the_proof(minimal_project: Project) -> None:
    """Of the rest of its file a proof's sum holds what it names, at any remove, and nothing else."""
    file = "tests/demo/test_echo.py"
    replace_text(minimal_project, file, "    assert True", "    assert first()")
    helpers = "\n\ndef first():\n    return second\n\n\nsecond = 2\n\n\ndef third():\n    return 3\n"
    replace_text(minimal_project, file, "    assert first()", f"    assert first(){helpers}")
    before = minimal_project.proofs()[PROOF].sum
    replace_text(minimal_project, file, "return 3", "return 4")
    assert minimal_project.proofs()[PROOF].sum == before
    replace_text(minimal_project, file, "second = 2", "second = 3")
    assert minimal_project.proofs()[PROOF].sum != before


def test_each_kind(minimal_project: Project) -> None:
    """Seen, from a document, in a browser, on the code shown: each is told from the proof or the record."""
    file = "tests/demo/test_echo.py"
    assert kinds(minimal_project) == {PROOF: "code"}
    record(minimal_project, "server.py#create_cors_middleware.cors_middleware")
    assert kinds(minimal_project) == {PROOF: "code"}, "it ran a region that its page does not name"
    record(minimal_project)
    assert kinds(minimal_project) == {PROOF: "real"}
    replace_text(minimal_project, file, "assert True", "chromium: object = True")
    assert kinds(minimal_project) == {PROOF: "browser"}, "a changed proof has not been seen"
    statement = "@pytest.mark.statement"
    replace_text(minimal_project, file, statement, f'@pytest.mark.document("x")\n{statement}')
    assert kinds(minimal_project) == {PROOF: "document"}


def test_heads_of_definitions_are_not_inside() -> None:
    """Only a call runs a body; a decorator and a `def` run when the function around them does."""
    source = "import os\n\ndef a():\n    x = 1\n    @deco\n    def b():\n        return x\n    return b\n"
    assert lines_in_functions(source) == {4, 7, 8}
