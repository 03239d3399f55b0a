"""The maps of ComfyUI's files are written from a clone, and name lines and addresses."""

from pathlib import Path

import pygit2
import pytest

from tools.source_map import __main__ as command
from tools.source_map import source_maps
from tools.source_map.cut import cut

SOURCE = "import json\n\n\ndef greet(name):\n    return name\n"


def test_a_region_has_its_lines_its_label_and_its_address() -> None:
    """A region and single lines are found by name, and have a text in each language and an address."""
    server, queue = (cut(SOURCE, file, "a/b", "v1", "c0ffee") for file in ("server.py", "execution.py"))
    assert server.label("greet", "en") == "lines 4–5"
    assert (server.label("L5", "zh"), server.label("L5", "en")) == ("5 行", "line 5")
    assert (queue.label("L1-L4", "zh"), queue.label("L1-L4", "en")) == (
        "execution.py 1–4 行",
        "execution.py, lines 1–4",
    )
    assert queue.address("greet") == "https://github.com/a/b/blob/c0ffee/execution.py#L4-L5"
    assert server.region("L4-L5").parent == "greet"
    for name in ("greeting", "L0", "L6", "L6-L5"):
        with pytest.raises(LookupError, match=f"server.py v1 has no region “{name}”"):
            server.region(name)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Make a repository with one server.py, tagged v1."""
    repo = pygit2.init_repository(tmp_path / "clone")
    tree = repo.TreeBuilder()
    tree.insert("server.py", repo.create_blob(SOURCE.encode()), pygit2.enums.FileMode.BLOB)
    author = pygit2.Signature("A", "a@example.org", 0, 0)
    commit = repo.create_commit("HEAD", author, author, "m", tree.write(), [])
    repo.references.create("refs/tags/v1", commit)
    return tmp_path / "clone"


def test_a_map_is_written_from_a_tag_and_read_back(clone: Path, tmp_path: Path) -> None:
    """What is written from a clone at a tag is read back as it was cut, with the tag's commit."""
    command.write(command.read(clone, ["server.py"], "v1"), tmp_path)
    found = source_maps(tmp_path)["server.py"]
    assert found.commit == str(pygit2.Repository(str(clone)).revparse_single("v1").id)
    assert found.to_json() == cut(SOURCE, "server.py", command.REPO, "v1", found.commit).to_json()
    assert "return" not in found.to_json()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tag", "v2"], "v2 is no tag or commit of this clone"),
        (["nodes.py", "--tag", "v1", "--write"], "v1 has no nodes.py"),
        (["nodes.py", "--tag", "v1"], "no map of nodes.py; --write makes one"),
        (["--write"], "--write needs a clone and --tag"),
    ],
)
def test_refuses(arguments: list[str], message: str, clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the clone or the command line lacks is named."""
    with pytest.raises(SystemExit) as ended:
        command.main([str(clone), *arguments])
    assert message in (str(ended.value.code) + capsys.readouterr().err)


def test_refuses_a_folder_that_is_no_clone(tmp_path: Path) -> None:
    """With a tag the path must be a Git repository."""
    with pytest.raises(SystemExit, match="Repository not found"):
        command.main([str(tmp_path), "--tag", "v1"])


def test_the_bytes_of_line_ends_do_not_matter() -> None:
    """A copy from Windows has the same map."""
    copy = ("\ufeff" + SOURCE.replace("\n", "\r\n")).encode()
    assert cut(command.decode(copy)).to_json() == cut(SOURCE).to_json()
