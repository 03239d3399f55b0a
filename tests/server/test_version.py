"""Proofs for the page server/version."""

import asyncio
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pygit2
import pytest
from aiohttp.test_utils import TestClient, TestServer
from pygit2.enums import ConfigLevel, DescribeStrategy, RepositoryOpenFlag

from snippets.git.describe.command import git
from snippets.git.describe.repositories import AUTHOR, commit, light_tag, new_repository
from snippets.git.describe.strategies import build
from snippets.recreation import server
from snippets.recreation.serving import example_prompt, serving
from snippets.server.map.callers import callers
from snippets.server.version import enclosing, once, owner, sources
from snippets.server.version.sources import ask_git, ask_pygit2, read_version
from snippets.server.websocket import finished
from tests.client import connect
from tests.real.plugin import COMFYUI, swap

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
def test_only_the_commands_answer_ends_with_a_newline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """pygit2's description equals the command's after `strip()`; the command's alone ends with a newline.

    pygit2 的描述等于命令的输出去掉换行：只有命令的输出以换行结尾；server.py 两边都给没有换行的。
    """
    text = build(tmp_path).describe(describe_strategy=TAGS)
    output = git(tmp_path, "describe", "--tags").stdout
    assert text == text.strip() == output.strip() == BUILT
    assert output == BUILT + "\n"
    assert ask_server(tmp_path) == BUILT
    monkeypatch.setitem(sys.modules, "pygit2", None)
    assert ask_server(tmp_path) == BUILT


async def test_each_request_looks_the_version_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`/system_stats` reports the commit that is checked out now, by pygit2 and by the command.

    `/system_stats` 每次返回的都是现在检出的提交，用 pygit2 和用命令都一样。
    """
    repo = build(tmp_path)
    monkeypatch.setattr(server, "__file__", str(tmp_path / "server.py"))
    async with serving(worker=False) as (_, client, *_):

        async def reported() -> str:
            return str((await (await client.get("/system_stats")).json())["system"]["comfyui_version"])

        assert await reported() == BUILT
        commit(repo, "an update")
        light_tag(repo, "v0.3.11")
        assert await reported() == "v0.3.11"
        monkeypatch.setitem(sys.modules, "pygit2", None)
        assert await reported() == "v0.3.11"
        commit(repo, "another")
        light_tag(repo, "v0.3.12")
        assert await reported() == "v0.3.12"


@pytest.mark.parametrize("there", ["pygit2", "git", "pygit2 and git"])
@pytest.mark.parametrize(
    "missing", ["", "repository", "tag", "tag in the history", "source", "right to read"]
)
@pytest.mark.usefixtures("home_is_tmp_path")
def test_without_one_of_four_things_it_is_unknown(
    there: str, missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """Without a repository, a tag in its history, pygit2 or git, or the right to read, the version is `unknown`.

    缺了仓库、历史里的标签、pygit2 或 git、读仓库的权限，版本就是 `unknown`。
    """  # noqa: E501
    for name, value in (("HOME", str(tmp_path)), ("XDG_CONFIG_HOME", ""), ("GIT_CONFIG_NOSYSTEM", "1")):
        monkeypatch.setenv(name, value)
    repo = build(folder := tmp_path / "comfyui")
    if missing == "repository":
        shutil.rmtree(folder / ".git")
    if missing.startswith("tag"):
        for tag in ("v0.0.2", "v0.3.10"):
            repo.references.delete(f"refs/tags/{tag}")
    if missing == "tag in the history":
        other = repo.create_commit(None, AUTHOR, AUTHOR, "other", repo.head.peel().tree.id, [])
        repo.references.create("refs/tags/v1", other)
    if missing == "right to read" and there == "git":
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    elif missing == "right to read":
        try:
            os.chown(folder, os.geteuid() + 12345, -1)
        except PermissionError:
            pytest.skip("needs root: only root may give a folder to another user")
    if there == "git" or missing == "source":
        monkeypatch.setitem(sys.modules, "pygit2", None)
    if there == "pygit2" or missing == "source":
        monkeypatch.setenv("PATH", "")
    assert ask_server(folder) == ("unknown" if missing else BUILT)


@pytest.mark.statement("S2")
def test_only_the_command_heeds_core_abbrev(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """With `core.abbrev` set, the command, and so server.py without pygit2, shows more digits than pygit2.

    设了 `core.abbrev`，命令给出的位数就比 pygit2 多，没有 pygit2 时 server.py 也一样；加上 `--abbrev=7`，两边一致。
    """  # noqa: E501
    repo = build(tmp_path)
    repo.config["core.abbrev"] = 10
    more = f"v0.3.10-1-g{str(repo.head.target)[:10]}"
    assert repo.describe(describe_strategy=TAGS) == BUILT == ask_server(tmp_path)
    assert git(tmp_path, "describe", "--tags").stdout.strip() == more
    assert ask_git(tmp_path) == ask_pygit2(tmp_path) == BUILT
    monkeypatch.setitem(sys.modules, "pygit2", None)
    assert ask_server(tmp_path) == more


def test_the_folder_is_the_real_one(tmp_path: Path, ask_server: Ask) -> None:
    """Reached through a link to the folder or to the file, server.py describes the folder it really lies in.

    经过目录的链接或者文件的链接找到 server.py，它描述的都是自己真正所在的目录。
    """
    build(folder := tmp_path / "comfyui")
    (folder / "server.py").touch()
    (elsewhere := tmp_path / "elsewhere").mkdir()
    (tmp_path / "linked").symlink_to(folder)
    (elsewhere / "server.py").symlink_to(folder / "server.py")
    assert ask_server(tmp_path) == "unknown"
    for place in (folder, tmp_path / "linked", elsewhere):
        assert ask_server(place) == BUILT


@pytest.mark.parametrize("opens", [False, True])
@pytest.mark.parametrize(
    "error", [pygit2.GitError, KeyError, RuntimeError, OSError, type("Own", (Exception,), {})]
)
def test_any_exception_of_pygit2_leads_to_the_command(
    error: type[Exception], opens: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """Whatever pygit2 raises, server.py asks the command, whose failures it catches too; our reader catches GitError and KeyError, of the command OSError.

    pygit2 抛什么异常，server.py 都改问命令，命令的异常它也都捕获；我们的函数只捕获 GitError 和 KeyError，命令的只捕获 OSError。
    """  # noqa: E501

    def refuse(*_: object, **__: object) -> str:
        raise error("no")

    build(tmp_path)
    monkeypatch.setattr(pygit2, "Repository", Mock(return_value=Mock(describe=refuse)))
    if not opens:
        monkeypatch.setattr(pygit2, "Repository", refuse)
    assert ask_server(tmp_path) == BUILT
    if error in (pygit2.GitError, KeyError):
        assert read_version(tmp_path) == BUILT
    else:
        with pytest.raises(error, match="no"):
            read_version(tmp_path)
    monkeypatch.setattr(subprocess, "check_output", refuse)
    assert ask_server(tmp_path) == "unknown"
    if error is OSError:
        assert ask_git(tmp_path) is None
    else:
        with pytest.raises(error, match="no"):
            ask_git(tmp_path)


@pytest.mark.statement("S2")
def test_the_command_answers_where_pygit2_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """Without pygit2 server.py and our reader give the command's answer, the same text, from a child process each time.

    没有 pygit2 时，server.py 和我们读版本的函数都改用命令的答案，一字不差，每次都启动一个子进程。
    """  # noqa: E501
    build(tmp_path)
    started = list[object]()

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            started.append(args[0])
            super().__init__(*args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", Noted)
        assert ask_server(tmp_path) == BUILT
        assert started == []
        patched.setitem(sys.modules, "pygit2", None)
        for times in (1, 2):
            assert ask_server(tmp_path) == BUILT
            assert started == [["git", "describe", "--tags"]] * times
    monkeypatch.setitem(sys.modules, "pygit2", None)
    assert ask_pygit2(tmp_path) is None
    assert read_version(tmp_path) == ask_server(tmp_path) == BUILT


@pytest.mark.statement("S2")
def test_pygit2_answers_where_the_command_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """Without the git command pygit2 still answers.

    没有 git 命令时，pygit2 仍有结果。
    """
    build(tmp_path)
    monkeypatch.setenv("PATH", "")
    assert ask_git(tmp_path) is None
    assert read_version(tmp_path) == ask_server(tmp_path) == BUILT


def naming(name: str) -> list[str]:
    """Return the files of the server that name a function."""
    if COMFYUI:
        checkout = swap(COMFYUI)
        found = git(checkout.root, "grep", "--name-only", name, checkout.commit, "--", "*.py").stdout
        return [line.partition(":")[2] for line in found.splitlines()]
    files = Path(server.__file__).parent.rglob("*.py")
    return [file.name for file in files if name in file.read_text("utf-8")]


@pytest.mark.statement("S2")
async def test_the_version_is_unknown_when_both_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    """Git fails or is not there, nor pygit2: a warning is logged, `/system_stats` reports `unknown`; nothing else asks for the version, and a prompt runs.

    没有 pygit2，git 出错或者也没有：写一条警告，`/system_stats` 报的版本是 `unknown`；别的代码都不查版本，prompt 照常执行。
    """  # noqa: E501
    assert callers("get_comfyui_version") == ["GET /system_stats"]
    assert naming("get_comfyui_version") == ["server.py"]
    build(tmp_path / "built")
    (tmp_path / "archive").mkdir()
    assert ask_server(tmp_path / "built") == BUILT
    assert caplog.records == []
    monkeypatch.setitem(sys.modules, "pygit2", None)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    said = "Failed to get ComfyUI version: " if COMFYUI else "Failed to get the version: "
    assert ask_server(tmp_path / "built") == BUILT
    assert caplog.records == []
    for folder, path in (("archive", os.environ["PATH"]), ("built", "")):
        monkeypatch.setenv("PATH", path)
        assert read_version(tmp_path / folder) == ask_server(tmp_path / folder) == "unknown"
        (record,) = caplog.records
        assert record.levelname == "WARNING"
        assert record.getMessage().startswith(said)
        caplog.clear()
    plain, asked = server.get_comfyui_version, list[str]()

    def noting() -> str:
        asked.append(plain())
        return asked[-1]

    monkeypatch.setattr(server, "get_comfyui_version", noting)
    async with serving() as (_, client, *_):
        ws = await connect(client)
        body = {"prompt": example_prompt(), "client_id": "me"}
        prompt_id = (await (await client.post("/prompt", json=body)).json())["prompt_id"]
        names = await asyncio.wait_for(finished.until_done(ws, prompt_id), 30)
        assert (names[-2], asked) == ("execution_success", [])
        stats = await (await client.get("/system_stats")).json()
    assert stats["system"]["comfyui_version"] == "unknown"
    assert asked == ["unknown"]


def test_git_says_why_beside_the_warning(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    ask_server: Ask,
) -> None:
    """Git tells apart no repository, another owner, no tag, none in the history; no git is in the warning.

    A `.git` file that names a missing folder is no repository, either.

    没有仓库、所有者不同、没有标签、历史里没有标签，Git 各有说法；没有 git 命令，警告里写着 git。
    `.git` 是文件而它指向的目录不存在，也算没有仓库。
    """
    monkeypatch.setitem(sys.modules, "pygit2", None)
    for name, value in (("LANG", "C.UTF-8"), ("LANGUAGE", "de"), ("LC_ALL", "C"), ("HOME", str(tmp_path))):
        monkeypatch.setenv(name, value)
    for name in ("archive", "copied", "foreign", "untagged", "unrelated"):
        (tmp_path / name).mkdir()
    (tmp_path / "copied/.git").write_text("gitdir: ../.git/modules/copied\n", "utf-8")
    build(tmp_path / "foreign")
    commit(new_repository(tmp_path / "untagged"), "first")
    repo = new_repository(tmp_path / "unrelated")
    commit(repo, "first")
    light_tag(repo, "v1")
    repo.set_head("refs/heads/other")  # which has no commit yet
    commit(repo, "without a parent")
    build(tmp_path / "original")
    for name, option in (("shallow", "--depth=1"), ("fork", "--no-tags")):
        address = (tmp_path / "original").as_uri()
        assert git(tmp_path, "clone", option, address, name).returncode == 0
    for name, said in (
        ("archive", "fatal: not a git repository"),
        ("copied", "fatal: not a git repository"),
        ("foreign", "fatal: detected dubious ownership"),
        ("untagged", "fatal: No names found"),
        ("shallow", "fatal: No names found"),
        ("fork", "fatal: No names found"),
        ("unrelated", "fatal: No tags can describe"),
    ):
        with monkeypatch.context() as patched:
            for variable, value in (owner.FOREIGN if name == "foreign" else {}).items():
                patched.setenv(variable, value)
            assert ask_server(tmp_path / name) == "unknown"
        assert said in capfd.readouterr().err
        assert said not in caplog.text
    if Path("/usr/share/locale/de/LC_MESSAGES/git.mo").exists():  # this Git speaks German
        with monkeypatch.context() as patched:
            patched.delenv("LC_ALL")
            assert ask_server(tmp_path / "archive") == "unknown"
        assert "Kein Git-Repository" in capfd.readouterr().err
    for pygit2_is_there in (False, True):
        if pygit2_is_there:
            monkeypatch.setitem(sys.modules, "pygit2", pygit2)
        monkeypatch.setenv("PATH", "")
        caplog.clear()
        assert ask_server(tmp_path / "archive") == "unknown"
        assert "No such file or directory: 'git'" in caplog.text


@pytest.mark.ours("about git")
def test_a_fork_gets_its_tags_from_the_original(tmp_path: Path) -> None:
    """In a clone of a fork without tags `git fetch --tags` does not help; from the original it does.

    克隆自没有标签的 fork，`git fetch --tags` 没有用；从原仓库取，就有了名字。
    """
    build(tmp_path / "original")
    git(tmp_path, "clone", "--bare", "--no-tags", "original", "fork")
    git(tmp_path, "clone", "fork", "clone")
    clone = tmp_path / "clone"
    assert git(clone, "describe", "--tags").stderr.startswith("fatal: No names found")
    refused = git(clone, "fetch", "--unshallow", "--tags")
    assert (refused.returncode, "complete repository" in refused.stderr) == (128, True)
    assert git(clone, "fetch", "--tags").returncode == 0
    assert git(clone, "describe", "--tags").stderr.startswith("fatal: No names found")
    assert git(clone, "fetch", "--tags", str(tmp_path / "original")).returncode == 0
    assert git(clone, "describe", "--tags").stdout.strip() == BUILT


@pytest.mark.statement("S2", "S3")
def test_no_repository_no_commit_and_no_tag_are_all_unknown(
    tmp_path: Path, ask_server: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
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
    sources.main()
    *nothing, tagged = capsys.readouterr().out.splitlines()
    assert nothing == ["folder: None None", "no tag: None None"]
    [answer] = {*tagged.removeprefix("tagged: ").split()}
    assert answer.startswith("v0.3.10-1-g")


@pytest.mark.statement("S2")
@pytest.mark.parametrize("state", ["no repository", "no commit", "no tag", "another owner"])
def test_gits_complaint_goes_past_check_output(
    state: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    ask_server: Ask,
) -> None:
    """`check_output` does not catch standard error: git's `fatal:` line goes to the terminal, above the warning, not into it.

    `check_output` 不接标准错误：Git 的 `fatal:` 一行直接上了终端，在警告上方，不在警告里。
    """  # noqa: E501
    if state == "another owner":
        build(tmp_path)
        monkeypatch.setitem(sys.modules, "pygit2", None)
        for name, value in (owner.FOREIGN | {"HOME": str(tmp_path)}).items():
            monkeypatch.setenv(name, value)
    elif state != "no repository":
        repo = new_repository(tmp_path)
        if state == "no tag":
            commit(repo, "first")
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.check_output(["git", "describe", "--tags"], cwd=tmp_path, env=os.environ | {"LC_ALL": "C"})
    assert capfd.readouterr().err.startswith("fatal: ")
    shown = logging.StreamHandler()
    logging.getLogger().addHandler(shown)
    try:
        assert ask_server(tmp_path) == "unknown"
    finally:
        logging.getLogger().removeHandler(shown)
    (warning,) = caplog.messages
    why = "Command '['git', 'describe', '--tags']' returned non-zero exit status 128."
    assert warning == ("Failed to get ComfyUI version: " if COMFYUI else "Failed to get the version: ") + why
    above, below = capfd.readouterr().err.split(warning)
    assert ("fatal: " in above, below) == (True, "\n")
    assert ask_git(tmp_path) is None
    assert capfd.readouterr().err == ""


@pytest.mark.statement("S3")
def test_opening_outside_any_repository_raises(tmp_path: Path, ask_server: Ask) -> None:
    """Outside any repository `pygit2.Repository` raises GitError, the command ends with 128: `unknown`.

    不在任何仓库里，`pygit2.Repository` 抛 GitError，命令以 128 结束：`unknown`。
    """
    with pytest.raises(pygit2.GitError, match="Repository not found"):
        pygit2.Repository(tmp_path)
    assert git(tmp_path, "describe", "--tags").returncode == 128
    assert ask_server(tmp_path) == "unknown"


@pytest.mark.statement("S3")
def test_opening_searches_the_folders_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """pygit2, and so server.py, opens the repository around a folder; NO_SEARCH makes it a GitError.

    pygit2 会打开外层的仓库，server.py 也就跟着打开；用 NO_SEARCH 则抛 GitError。
    """
    inside = enclosing.unpack_inside(tmp_path)
    repo = pygit2.Repository(inside)
    assert Path(repo.path).samefile(tmp_path / ".git")
    assert repo.describe(describe_strategy=TAGS) == ask_server(inside) == "dotfiles-42"
    with pytest.raises(pygit2.GitError, match="Repository not found"):
        pygit2.Repository(inside, RepositoryOpenFlag.NO_SEARCH)
    monkeypatch.setenv("PATH", "")  # so the command is not there to answer instead
    assert ask_server(inside) == "dotfiles-42"


@pytest.mark.statement("S3")
def test_the_command_searches_up_to_a_ceiling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ask_server: Ask
) -> None:
    """The command, and so server.py, searches the folders above, but not those in `GIT_CEILING_DIRECTORIES`.

    命令也往上找，server.py 也就跟着找，但到 `GIT_CEILING_DIRECTORIES` 列出的目录为止。
    """
    inside = enclosing.unpack_inside(tmp_path)
    told = git(inside, "describe", "--tags")
    assert (told.returncode, told.stdout, told.stderr) == (0, "dotfiles-42\n", "")
    stopped = git(inside, "describe", "--tags", GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert (stopped.returncode, stopped.stdout) == (128, "")
    assert git(inside, "describe", "--tags", GIT_CEILING_DIRECTORIES=str(inside)).stdout == "dotfiles-42\n"
    monkeypatch.setattr(enclosing, "get_comfyui_version", ask_server)
    enclosing.main()
    said = capsys.readouterr().out.splitlines()
    assert [line.endswith("dotfiles-42") for line in said] == [True, True, False, False, True]
    assert said[3].startswith("git, ceiling: fatal: not a git repository")
    monkeypatch.setitem(sys.modules, "pygit2", None)
    assert ask_server(inside) == "dotfiles-42"
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert ask_server(inside) == "unknown"


@pytest.mark.ours("about our own reader")
@pytest.mark.statement("S3")
def test_the_reader_does_not_borrow_a_version(tmp_path: Path) -> None:
    """The reader looks in its own folder only, with either source.

    读版本的函数只看自己的目录，两条路都是。
    """
    inside = enclosing.unpack_inside(tmp_path)
    assert read_version(tmp_path) == "dotfiles-42"
    assert ask_pygit2(inside) is None
    assert ask_git(inside) is None
    assert read_version(inside) == "unknown"


@pytest.mark.statement("S3")
def test_git_dir_leads_the_command_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """With `GIT_DIR` set the command, and so server.py without pygit2 or in a folder without a repository, describes that repository.

    设了 `GIT_DIR`，命令描述的就是那个仓库，没有 pygit2、或者目录不是仓库时，server.py 也是；pygit2 和我们的函数不受影响。
    """  # noqa: E501
    repo = build(tmp_path / "comfyui")
    enclosing.unpack_inside(tmp_path / "home")
    elsewhere = str(tmp_path / "home/.git")
    folder = tmp_path / "comfyui"
    (archive := tmp_path / "archive").mkdir()
    assert ask_server(archive) == "unknown"
    assert git(folder, "describe", "--tags", GIT_DIR=elsewhere).stdout == "dotfiles-42\n"
    monkeypatch.setenv("GIT_DIR", elsewhere)
    assert pygit2.Repository(folder).describe(describe_strategy=TAGS) == BUILT
    assert ask_git(folder) == BUILT == repo.describe(describe_strategy=TAGS) == ask_server(folder)
    assert ask_server(archive) == "dotfiles-42"
    assert ask_git(archive) is ask_pygit2(archive) is None
    monkeypatch.setitem(sys.modules, "pygit2", None)
    assert ask_server(folder) == ask_server(archive) == "dotfiles-42"


@pytest.mark.statement("S3")
@pytest.mark.usefixtures("home_is_tmp_path")
def test_pygit2_refuses_another_users_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """pygit2 refuses a repository that another user owns, so server.py says `unknown`, until it is named or given back.

    It has to be named exactly, without a slash at the end, not by a link or its parent, or by `*`; to be given back with its `.git`, which Git requires too.

    仓库属于别的用户，pygit2 不打开，server.py 报 `unknown`；`safe.directory` 写上这个目录，或者还回所有权，才放行。
    目录要写得一字不差，末尾多一条斜线、写链接、写上一级都不行，写 `*` 则行；所有权要连 `.git` 一起还，Git 也这样要求。
    """  # noqa: E501
    for name, value in (("HOME", str(tmp_path)), ("XDG_CONFIG_HOME", ""), ("GIT_CONFIG_NOSYSTEM", "1")):
        monkeypatch.setenv(name, value)
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
    assert ask_server(folder) == "unknown"
    os.chown(folder, os.geteuid(), -1)
    os.chown(folder / ".git", os.geteuid() + 12345, -1)
    assert "dubious ownership" in git(folder, "describe", "--tags").stderr
    assert ask_pygit2(folder) is None
    assert ask_server(folder) == "unknown"
    os.chown(folder / ".git", os.geteuid(), -1)
    assert git(folder, "describe", "--tags").stdout == BUILT + "\n"
    assert ask_pygit2(folder) == ask_server(folder) == BUILT
    os.chown(folder, os.geteuid() + 12345, -1)
    (link := tmp_path / "link").symlink_to(folder)
    for near in (f"{tmp_path}/*", str(tmp_path), f"{folder}/", str(link)):
        git(folder, "config", "--global", "--add", "safe.directory", near, HOME=str(tmp_path))
        assert ask_pygit2(folder) is None
    owner.trust(folder, tmp_path)
    assert ask_pygit2(folder) == ask_server(folder) == BUILT
    (tmp_path / ".gitconfig").rename(tmp_path / "away")
    assert ask_pygit2(folder) is None
    (tmp_path / "away").rename(tmp_path / "gitconfig")  # as `--system` writes it
    assert ask_pygit2(folder) == BUILT
    (tmp_path / "gitconfig").unlink()
    for trusted in ("/elsewhere", "*"):
        git(folder, "config", "--global", "safe.directory", trusted, HOME=str(tmp_path))
        assert ask_pygit2(folder) == (BUILT if trusted == "*" else None)


@pytest.mark.statement("S3")
def test_the_command_refuses_until_safe_directory_names_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask_server: Ask
) -> None:
    """The command refuses another user's repository with 128, unless `safe.directory` of this user or of the system names it, or is `*`.

    仓库属于别人，命令以 128 拒绝，server.py 报 `unknown`；这个用户或者系统的 `safe.directory` 写上这个目录或者 `*` 才放行。
    """  # noqa: E501
    build(tmp_path)
    settings = owner.FOREIGN | {"HOME": str(tmp_path)}
    owner.trust(tmp_path.parent, tmp_path)
    refused = git(tmp_path, "describe", "--tags", **settings)
    assert (refused.returncode, refused.stdout) == (128, "")
    assert f"safe.directory {tmp_path}" in refused.stderr
    monkeypatch.setitem(sys.modules, "pygit2", None)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert ask_server(tmp_path) == "unknown"
    owner.trust(tmp_path, tmp_path)
    assert git(tmp_path, "describe", "--tags", **settings).stdout == BUILT + "\n"
    assert ask_server(tmp_path) == BUILT
    (other := tmp_path / "other").mkdir()
    system = {"GIT_CONFIG_NOSYSTEM": "0", "GIT_CONFIG_SYSTEM": str(other / "system")}
    for allowed in (False, True):
        for home in ("third", "other"):
            settings["HOME"] = str(tmp_path / home)
            answer = git(tmp_path, "describe", "--tags", **settings | system)
            assert (answer.returncode, answer.stdout) == ((0, BUILT + "\n") if allowed else (128, ""))
        git(other, "config", "--system", "--add", "safe.directory", str(tmp_path), **system)
    assert git(tmp_path, "describe", "--tags", **settings).returncode == 128
    build(other)
    git(other, "config", "--global", "safe.directory", "*", HOME=str(other))
    for folder in (tmp_path, other):
        assert git(folder, "describe", "--tags", **settings).stdout == BUILT + "\n"


@pytest.mark.ours("the answer to the exercise")
@pytest.mark.statement("S1")
async def test_a_version_read_once_stays_with_the_running_code(tmp_path: Path) -> None:
    """Each reading follows the checkout, so an update changes it at once; a version read at start stays.

    每次重读都跟着仓库走，更新之后立刻变样；启动时读一次，就一直不变。
    """
    repo = build(tmp_path)
    async with TestClient(TestServer(once.build_app(tmp_path))) as client:
        commit(repo, "an update")
        light_tag(repo, "v0.3.11")
        answer = await client.get("/system_stats")
        assert await answer.json() == {"version": BUILT}
    assert read_version(tmp_path) == "v0.3.11"
