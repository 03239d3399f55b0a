"""Proofs for the page server/version."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pygit2
import pytest
from aiohttp.test_utils import TestClient, TestServer
from pygit2.enums import ConfigLevel, DescribeStrategy, RepositoryOpenFlag

from snippets.git.describe.command import git
from snippets.git.describe.repositories import commit, light_tag, new_repository
from snippets.git.describe.strategies import build
from snippets.recreation import server
from snippets.server.version import enclosing, once, owner
from snippets.server.version.reader import read_version
from snippets.server.version.sources import ask_git, ask_pygit2

TAGS = DescribeStrategy.TAGS
BUILT = "v0.3.10-1-g2d9fb54"
Ask = Callable[[Path], str]


@pytest.fixture
def home_is_tmp_path(tmp_path: Path) -> Iterator[None]:
    """Have libgit2 read its settings there, so that no `safe.directory` of this machine counts."""
    levels = (ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL)
    before = [pygit2.settings.search_path[level] for level in levels]
    for level in levels:
        pygit2.settings.search_path[level] = str(tmp_path)
    yield
    for level, path in zip(levels, before, strict=True):
        pygit2.settings.search_path[level] = path


@pytest.fixture
def ask_server(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return a function that has server.py lie in a folder, and asks it for its version."""

    def ask(folder: Path) -> str:
        monkeypatch.setattr(server, "__file__", str(folder / "server.py"))
        return server.get_comfyui_version()

    return ask


@pytest.mark.statement("S2")
def test_only_the_commands_answer_ends_with_a_newline(tmp_path: Path) -> None:
    """pygit2's description equals the command's after `strip()`, and only the command's ends with a newline.

    pygit2 的描述等于命令的输出去掉换行：只有命令的输出以换行结尾。
    """
    text = build(tmp_path).describe(describe_strategy=TAGS)
    output = git(tmp_path, "describe", "--tags").stdout
    assert text == text.strip() == output.strip() == BUILT
    assert output == BUILT + "\n"


@pytest.mark.statement("S2")
def test_only_the_command_heeds_core_abbrev(tmp_path: Path) -> None:
    """With `core.abbrev` set, the command shows more digits than pygit2; `--abbrev=7` brings them together.

    设了 `core.abbrev`，命令给出的位数就比 pygit2 多；加上 `--abbrev=7`，两边又一致。
    """
    repo = build(tmp_path)
    repo.config["core.abbrev"] = 10
    assert repo.describe(describe_strategy=TAGS) == BUILT
    assert git(tmp_path, "describe", "--tags").stdout.strip() == f"v0.3.10-1-g{str(repo.head.target)[:10]}"
    assert ask_git(tmp_path) == ask_pygit2(tmp_path) == BUILT


@pytest.mark.statement("S2")
def test_the_command_answers_where_pygit2_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """Without pygit2 server.py and our reader give the command's answer, the same text.

    没有 pygit2 时，server.py 和我们读版本的函数都改用命令的答案，一字不差。
    """
    build(tmp_path)
    monkeypatch.setitem(sys.modules, "pygit2", None)
    assert ask_pygit2(tmp_path) is None
    assert read_version(tmp_path) == ask_server(tmp_path) == BUILT


@pytest.mark.statement("S2")
def test_pygit2_answers_where_the_command_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """Without the git command pygit2 still answers.

    没有 git 命令时，pygit2 照样能答。
    """
    build(tmp_path)
    monkeypatch.setenv("PATH", "")
    assert ask_git(tmp_path) is None
    assert read_version(tmp_path) == ask_server(tmp_path) == BUILT


@pytest.mark.statement("S2")
def test_the_version_is_unknown_when_both_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """Where neither source can answer, a checkout's version is `unknown`.

    两边都答不上来，版本就是 `unknown`。
    """
    build(tmp_path)
    monkeypatch.setitem(sys.modules, "pygit2", None)
    monkeypatch.setenv("PATH", "")
    assert read_version(tmp_path) == ask_server(tmp_path) == "unknown"


@pytest.mark.statement("S2", "S3")
def test_no_repository_no_commit_and_no_tag_are_all_unknown(tmp_path: Path, ask_server: Ask) -> None:
    """A plain folder, a repository without commit and one without tag have the version `unknown`.

    普通目录、没有提交的仓库、没有标签的仓库，版本都是 `unknown`。
    """
    assert read_version(tmp_path) == ask_server(tmp_path) == "unknown"
    repo = new_repository(tmp_path)
    assert read_version(tmp_path) == ask_server(tmp_path) == "unknown"
    commit(repo, "first")
    assert read_version(tmp_path) == ask_server(tmp_path) == "unknown"
    light_tag(repo, "版本-1")
    assert ask_git(tmp_path) == ask_pygit2(tmp_path) == ask_server(tmp_path) == "版本-1"


@pytest.mark.statement("S2")
def test_gits_complaint_goes_past_check_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], ask_server: Ask
) -> None:
    """`check_output` does not catch standard error: git's `fatal:` line goes to the terminal.

    `check_output` 不接标准错误：Git 的 `fatal:` 一行直接上了终端。
    """
    new_repository(tmp_path)
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.check_output(["git", "describe", "--tags"], cwd=tmp_path, env=os.environ | {"LC_ALL": "C"})
    assert capfd.readouterr().err.startswith("fatal: ")
    assert ask_server(tmp_path) == "unknown"
    assert "fatal: " in capfd.readouterr().err
    assert ask_git(tmp_path) is None
    assert capfd.readouterr().err == ""


@pytest.mark.statement("S3")
def test_opening_outside_any_repository_raises(tmp_path: Path) -> None:
    """Outside any repository `pygit2.Repository` raises GitError, and the command ends with 128.

    不在任何仓库里，`pygit2.Repository` 抛 GitError，命令以 128 结束。
    """
    with pytest.raises(pygit2.GitError, match="Repository not found"):
        pygit2.Repository(tmp_path)
    assert git(tmp_path, "describe", "--tags").returncode == 128


@pytest.mark.statement("S3")
def test_opening_searches_the_folders_above(tmp_path: Path, ask_server: Ask) -> None:
    """pygit2, and so server.py, opens the repository around a folder; NO_SEARCH makes it a GitError.

    pygit2 会打开外层的仓库，server.py 也就跟着打开；用 NO_SEARCH 则抛 GitError。
    """
    inside = enclosing.unpack_inside(tmp_path)
    repo = pygit2.Repository(inside)
    assert Path(repo.path).samefile(tmp_path / ".git")
    assert repo.describe(describe_strategy=TAGS) == ask_server(inside) == "dotfiles-42"
    with pytest.raises(pygit2.GitError, match="Repository not found"):
        pygit2.Repository(inside, RepositoryOpenFlag.NO_SEARCH)


@pytest.mark.statement("S3")
def test_the_command_searches_up_to_a_ceiling(tmp_path: Path) -> None:
    """The command searches the folders above too, but not those in `GIT_CEILING_DIRECTORIES`.

    命令也往上找，但到 `GIT_CEILING_DIRECTORIES` 列出的目录为止。
    """
    inside = enclosing.unpack_inside(tmp_path)
    assert git(inside, "describe", "--tags").stdout == "dotfiles-42\n"
    stopped = git(inside, "describe", "--tags", GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert (stopped.returncode, stopped.stdout) == (128, "")


@pytest.mark.statement("S3")
def test_the_reader_does_not_borrow_a_version(tmp_path: Path) -> None:
    """The reader looks in its own folder only, with either source.

    读版本的函数只看自己的目录，两条路都是。
    """
    inside = enclosing.unpack_inside(tmp_path)
    assert read_version(tmp_path) == "dotfiles-42"
    assert ask_pygit2(inside) is None
    assert ask_git(inside) is None


@pytest.mark.statement("S3")
def test_git_dir_leads_the_command_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `GIT_DIR` set, as in a hook, the command describes that repository; pygit2 and the reader do not.

    设了 `GIT_DIR`（例如在 Git 钩子里），命令描述的就是那个仓库；pygit2 和读版本的函数不受影响。
    """
    repo = build(tmp_path / "comfyui")
    enclosing.unpack_inside(tmp_path / "home")
    elsewhere = str(tmp_path / "home/.git")
    folder = tmp_path / "comfyui"
    assert git(folder, "describe", "--tags", GIT_DIR=elsewhere).stdout == "dotfiles-42\n"
    monkeypatch.setenv("GIT_DIR", elsewhere)
    assert pygit2.Repository(folder).describe(describe_strategy=TAGS) == BUILT
    assert ask_git(folder) == BUILT == repo.describe(describe_strategy=TAGS)


@pytest.mark.statement("S3")
def test_the_reader_knows_a_linked_worktree(tmp_path: Path) -> None:
    """A linked worktree has no `.git` folder, only a file; both sources read it all the same.

    附加的工作区没有 `.git` 目录，只有一个同名文件；两条路都照样认得。
    """
    build(tmp_path / "main").add_worktree("linked", tmp_path / "linked")
    assert (tmp_path / "linked/.git").is_file()
    assert ask_pygit2(tmp_path / "linked") == ask_git(tmp_path / "linked") == BUILT


@pytest.mark.statement("S3")
@pytest.mark.usefixtures("home_is_tmp_path")
def test_pygit2_refuses_another_users_repository(tmp_path: Path) -> None:
    """pygit2 does not open a repository that another user owns, unless `safe.directory` names its folder.

    仓库属于别的用户，pygit2 不打开；`safe.directory` 写上这个目录才放行。
    """
    folder = tmp_path / "comfyui"
    build(folder)
    try:
        os.chown(folder, os.geteuid() + 12345, -1)
    except PermissionError:
        pytest.skip("needs root: only root may give a folder to another user")
    with pytest.raises(pygit2.GitError, match="not owned by current user"):
        pygit2.Repository(folder)
    assert "dubious ownership" in git(folder, "describe", "--tags").stderr
    assert ask_pygit2(folder) is None
    owner.trust(folder, tmp_path)
    assert ask_pygit2(folder) == BUILT


@pytest.mark.statement("S3")
def test_the_command_refuses_until_safe_directory_names_the_folder(tmp_path: Path) -> None:
    """The command refuses another user's repository with 128, unless `safe.directory` names its folder.

    仓库属于别人，命令以 128 拒绝；`safe.directory` 写上这个目录才放行。
    """
    build(tmp_path)
    settings = owner.FOREIGN | {"HOME": str(tmp_path)}
    owner.trust(tmp_path.parent, tmp_path)
    refused = git(tmp_path, "describe", "--tags", **settings)
    assert (refused.returncode, refused.stdout) == (128, "")
    assert f"safe.directory {tmp_path}" in refused.stderr
    owner.trust(tmp_path, tmp_path)
    assert git(tmp_path, "describe", "--tags", **settings).stdout == BUILT + "\n"


@pytest.mark.statement("S1")
async def test_a_version_read_once_stays_with_the_running_code(tmp_path: Path) -> None:
    """Each reading follows the checkout, so an update changes it at once; a version read at start stays.

    每次重读都跟着仓库走，更新之后立刻变样；启动时读一次，就一直不变。
    """
    repo = build(tmp_path)
    async with TestClient(TestServer(once.build_app(tmp_path))) as client:
        light_tag(repo, "v0.3.11")
        answer = await client.get("/system_stats")
        assert await answer.json() == {"version": BUILT}
    assert read_version(tmp_path) == "v0.3.11"
