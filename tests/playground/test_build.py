"""What the build packs for the page's home folder: the sources, and the same bytes each time."""

import shutil
import socket
import subprocess
import zipfile
from pathlib import Path

import pytest

from playground import build
from tests.browser import skip_or_fail
from tools.model import OUTPUTS, ROOT

STRAY = (
    ".ruff_cache/0.15/1234",
    ".mypy_cache/snippets/demo.data.json",
    "demo/__pycache__/echo.cpython-311.pyc",
    "demo/.hidden.py",
    "demo/echo.py~",
    "demo/notes.txt",
    "demo/outputs.txt",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the home folder consist of one folder with one snippet."""
    folder = tmp_path / "snippets"
    (folder / "demo").mkdir(parents=True)
    (folder / "demo/echo.py").write_text("", "utf-8")
    monkeypatch.setattr(build, "HOME_FOLDERS", {"snippets": folder})
    return folder


@pytest.mark.parametrize("name", STRAY)
def test_a_stray_file_is_not_packed(folder: Path, name: str) -> None:
    """What a tool, an editor or a run leaves in the folder does not reach the reader."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("{}", "utf-8")
    assert [name for name, _ in build.home_files()] == ["snippets/demo/echo.py"]


def test_the_archive_depends_on_nothing_but_the_files(folder: Path, tmp_path: Path) -> None:
    """Two builds give the same bytes, whatever the order, the time or the mode of the files."""
    (folder / "demo/again.py").write_text("", "utf-8")
    build.write_zip(tmp_path / "one.zip", build.home_files())
    (folder / "demo/echo.py").touch()
    (folder / "demo/echo.py").chmod(0o600)
    build.write_zip(tmp_path / "two.zip", reversed(list(build.home_files())))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "one.zip").namelist() == [
        "snippets/demo/again.py",
        "snippets/demo/echo.py",
    ]


def test_everything_that_git_knows_is_packed() -> None:
    """The home folder holds git's files and no other, without outputs and settings."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    folders = ["snippets", "docs/playground/python", "docs/playground/shims"]
    listed = subprocess.run([*command, *folders], cwd=ROOT, capture_output=True, encoding="utf-8")
    if listed.returncode:
        skip_or_fail("this is not a git clone")
    known = {name for name in listed.stdout.splitlines() if not name.endswith((OUTPUTS, ".toml"))}
    known = {name.removeprefix("docs/") for name in known if (ROOT / name).exists()}
    assert {name for name, _ in build.home_files()} == known, (
        "a new kind of file? see HOME_SUFFIXES in build.py"
    )


def test_the_reader_gets_no_markers_and_the_right_lines(tmp_path: Path) -> None:
    """What the build itself needs is left out; a part's lines are counted as the reader sees them."""
    (tmp_path / "a.py").write_text("x\n# --8<-- [start:a]\ny\n    # --8<-- [end:a]\nz\n", "utf-8")
    assert build.content(tmp_path / "a.py") == b"x\ny\nz\n"
    path = "aiohttp/middleware/order.py"
    first, last = map(int, build.lines_of(path, "main").split("-"))
    lines = build.content(ROOT / "snippets" / path).decode().splitlines()
    shown = (ROOT / "snippets" / path).read_text("utf-8").split("[start:main]\n")[1].split("# --8<--")[0]
    assert "\n".join(lines[first - 1 : last]).rstrip() == shown.rstrip()


def test_a_silent_registry_ends_the_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry that takes the connection and never answers is given up after two tries."""
    shutil.copy(build.HERE / "package.json", tmp_path)
    shutil.copy(build.HERE / "package-lock.json", tmp_path)
    monkeypatch.setattr(build, "HERE", tmp_path)
    monkeypatch.setattr(build, "NPM_OPTIONS", (*build.NPM_OPTIONS, "--fetch-timeout=500"))
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{silent.getsockname()[1]}/")
        with pytest.raises(subprocess.CalledProcessError) as failed:
            build.make_runtime(tmp_path / "runtime")
    assert "timeout" in failed.value.stderr.lower()
