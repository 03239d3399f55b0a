"""Proofs for the page git/describe."""

import re
import subprocess
from importlib import metadata
from pathlib import Path

import pygit2
import pytest
from pygit2.enums import DescribeStrategy, ObjectType, ResetMode

from snippets.git.describe import command, dirty, formats, parsing, strategies, unshallow
from snippets.git.describe.command import git
from snippets.git.describe.repositories import AUTHOR, annotated_tag, commit, light_tag, new_repository

DEFAULT, TAGS, ALL = DescribeStrategy
HEAD = "2d9fb544258863a47dffb3f8bcc9426bd7c326a0"


def attempt(folder: Path, strategy: DescribeStrategy) -> str:
    """Return the description, or the error with its types."""
    try:
        repo = pygit2.Repository(folder)
        return repo.describe(describe_strategy=strategy)
    except (pygit2.GitError, KeyError) as error:
        caught = [kind.__name__ for kind in (pygit2.GitError, KeyError) if isinstance(error, kind)]
        message = str(error).replace(str(folder), "…")
        return f"{' and '.join(caught)}: {message}"


def with_suffix(repo: pygit2.Repository, committish: str | None = None) -> str:
    """Describe the working tree with a dirty suffix, or a commit if one is named."""
    return repo.describe(committish, describe_strategy=TAGS, dirty_suffix="-dirty")


def test_a_lightweight_tag_is_a_name_and_an_annotated_one_an_object(tmp_path: Path) -> None:
    """A lightweight tag points at the commit itself, an annotated one at a tag object with its author, time and message.

    轻量标签直接指向提交；附注标签指向一个标签对象，有自己的作者、时间和说明。
    """  # noqa: E501
    repo = strategies.build(tmp_path)
    light, annotated = (repo[repo.references[f"refs/tags/{name}"].target] for name in ("v0.3.10", "v0.0.2"))
    assert isinstance(light, pygit2.Commit)
    assert isinstance(annotated, pygit2.Tag)
    assert (annotated.tagger.name, annotated.tagger.time, annotated.message) == ("Ada", 1735215529, "v0.0.2")


@pytest.mark.statement("S1")
def test_the_default_strategy_names_the_older_annotated_tag(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With an older annotated and a nearer lightweight tag, DEFAULT names the annotated one, TAGS the nearer.

    附注标签较旧、轻量标签较近时，DEFAULT 取附注的那个，TAGS 取近的那个。
    """
    repo = strategies.build(tmp_path)
    assert repo.describe().startswith("v0.0.2-3-g")
    assert repo.describe(describe_strategy=DEFAULT) == repo.describe()
    assert git(tmp_path, "describe").stdout.startswith("v0.0.2-3-g")
    assert repo.describe(describe_strategy=TAGS).startswith("v0.3.10-1-g")
    assert git(tmp_path, "describe", "--tags").stdout.startswith("v0.3.10-1-g")
    assert repo.describe("HEAD~2", describe_strategy=TAGS).startswith("v0.0.2-1-g")  # it takes both kinds
    strategies.main()
    names = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert names == {kind.name: repo.describe(describe_strategy=kind) for kind in DescribeStrategy}


@pytest.mark.statement("S1")
def test_with_only_a_lightweight_tag_the_default_raises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With only a lightweight tag, `git describe` suggests `--tags`, and `--always` prints a short hash.

    只有轻量标签时，`git describe` 提示加上 `--tags`，`--always` 打印短哈希。
    """
    repo = new_repository(tmp_path)
    head = commit(repo, "first")
    light_tag(repo, "v1")
    assert git(tmp_path, "describe", "--always").stdout == f"{str(head)[:7]}\n"
    with pytest.raises(pygit2.GitError, match="there were unannotated tags"):
        repo.describe()
    assert repo.describe(describe_strategy=TAGS) == "v1"
    refused = git(tmp_path, "describe")
    assert (refused.returncode, refused.stdout) == (128, "")
    assert "try --tags" in refused.stderr
    assert git(tmp_path, "describe", "--tags").stdout == "v1\n"
    command.main()
    hash_alone, tag, *advice = capsys.readouterr().out.splitlines()
    assert (hash_alone, tag, "try --tags" in advice[-1]) == (str(head)[:7], "v0.3.10", True)


@pytest.mark.statement("S1")
def test_the_old_constant_equals_the_enum() -> None:
    """Up to pygit2 1.21.0 there is `GIT_DESCRIBE_TAGS`; where it is, it equals `DescribeStrategy.TAGS`.

    到 pygit2 1.21.0 为止都有 `GIT_DESCRIBE_TAGS`；只要还在，它就等于 `DescribeStrategy.TAGS`。
    """
    version = tuple(int(part) for part in metadata.version("pygit2").split(".")[:3])
    assert hasattr(pygit2, "GIT_DESCRIBE_TAGS") or version > (1, 21, 0)
    assert getattr(pygit2, "GIT_DESCRIBE_TAGS", TAGS) == TAGS


def test_the_nearest_tag_is_taken(tmp_path: Path) -> None:
    """Of two tags behind a commit the one with fewer commits between gives the name, whichever is older.

    一个提交后面有两个标签，隔着提交少的那个成为名字，不管哪个标签更早创建。
    """
    for nearest_first in (False, True):
        repo = new_repository(tmp_path / str(nearest_first))
        commits = [commit(repo, text) for text in ("first", "second", "third")]
        far, near = ("b", "a") if nearest_first else ("a", "b")
        tags = {far: commits[0], near: commits[1]}
        for name in reversed(tags) if nearest_first else tags:
            repo.references.create(f"refs/tags/{name}", tags[name])
        for where, expected in (
            ("HEAD", f"{near}-1-g{str(commits[2])[:7]}"),
            ("HEAD~2", far),  # the nearer tag is not in its history
        ):
            assert repo.describe(where, describe_strategy=TAGS) == expected
            assert git(Path(repo.workdir), "describe", "--tags", where).stdout == f"{expected}\n"


def test_a_tag_on_a_side_branch_is_out_of_reach(tmp_path: Path) -> None:
    """A newer tag on a side branch names no commit of the main line; merged in, it does, also where none did.

    支线上较新的标签不能给主线的提交命名；合并进来以后就能，主线原来没有标签时也一样。
    """
    repo = strategies.build(tmp_path)
    main = repo.branches["main"]
    repo.create_reference("refs/heads/side", repo.head.target)
    repo.checkout("refs/heads/side")
    side = commit(repo, "side work")
    light_tag(repo, "v0.3.77")
    repo.checkout(main)
    commit(repo, "main work")
    assert repo.describe(describe_strategy=TAGS).startswith("v0.3.10-2-g")
    assert git(tmp_path, "describe", "--tags").stdout.startswith("v0.3.10-2-g")
    tree = repo.index.write_tree()
    repo.create_commit("HEAD", AUTHOR, AUTHOR, "merge", tree, [repo.head.target, side])
    assert repo.describe(describe_strategy=TAGS).startswith("v0.3.77-2-g")
    untagged = new_repository(tmp_path / "untagged")
    first = commit(untagged, "work")
    tree = untagged.index.write_tree()
    side = untagged.create_commit("refs/heads/side", AUTHOR, AUTHOR, "side", tree, [first])
    untagged.references.create("refs/tags/v0.3.77", side)
    untagged.create_commit("HEAD", AUTHOR, AUTHOR, "main", tree, [first])
    with pytest.raises(KeyError, match="no tags can describe"):
        untagged.describe(describe_strategy=TAGS)
    assert "No tags can describe" in git(tmp_path / "untagged", "describe", "--tags").stderr
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    alone = untagged.create_commit(None, AUTHOR, AUTHOR, "nothing in common", tree, [])
    untagged.references.create("refs/tags/alone", alone)
    assert git(tmp_path / "untagged", *who, "merge", "--no-edit", "alone").returncode == 128
    assert git(tmp_path / "untagged", *who, "merge", "--no-edit", "v0.3.77").returncode == 0
    assert untagged.describe(describe_strategy=TAGS).startswith("v0.3.77-2-g")


def test_a_folder_that_is_no_repository_fails_when_opened(tmp_path: Path) -> None:
    """A folder that is no repository raises a GitError, no KeyError, from `pygit2.Repository` already.

    目录不是仓库，`pygit2.Repository` 打开时就抛 GitError，不是 KeyError。
    """
    with pytest.raises(pygit2.GitError) as caught:
        pygit2.Repository(tmp_path)
    assert not isinstance(caught.value, KeyError)
    assert attempt(tmp_path, TAGS) == "GitError: Repository not found at …"


def test_all_takes_branches_too(tmp_path: Path) -> None:
    """The strategy ALL considers branches as well, so a commit on a branch is described by the branch.

    ALL 连分支也算，于是分支顶上的提交就以分支为名。
    """
    repo = strategies.build(tmp_path)
    assert repo.describe(describe_strategy=ALL) == "heads/main"
    assert repo.describe("HEAD~1", describe_strategy=ALL) == "tags/v0.3.10"
    assert git(tmp_path, "describe", "--all").stdout == "heads/main\n"


def test_the_command_agrees_with_the_strategies(tmp_path: Path) -> None:
    """For a commit with a branch `git describe` answers as DEFAULT does, with `--tags` as TAGS, with `--all` as ALL.

    分支顶上的提交，`git describe` 等于 DEFAULT，加 `--tags` 等于 TAGS（两种标签都算），加 `--all` 等于 ALL。
    """  # noqa: E501
    repo = strategies.build(tmp_path)
    for strategy, options in {DEFAULT: (), TAGS: ("--tags",), ALL: ("--all",)}.items():
        told = git(tmp_path, "describe", *options)
        assert told.stdout == repo.describe(describe_strategy=strategy) + "\n"
        assert (told.returncode, told.stderr) == (0, "")
    for strategy, words, start in (
        (DEFAULT, "HEAD", "v0.0.2-3-g"),  # past the lightweight tag: not counted
        (TAGS, "--tags HEAD", "v0.3.10-1-g"),
        (TAGS, "--tags HEAD~2", "v0.0.2-1-g"),  # the annotated one counts as well
    ):
        name = git(tmp_path, "describe", *words.split()).stdout
        assert name.startswith(start)
        assert name == repo.describe(words.split()[-1], describe_strategy=strategy) + "\n"


def test_in_a_large_repository_the_command_takes_more_digits(tmp_path: Path) -> None:
    """With 2¹⁴ objects in packs the command's short hash has 8 digits, pygit2's still 7; with `--abbrev=7` or `abbreviated_size=8` both are the same.

    打包的对象有 2¹⁴ 个时，命令的短哈希是 8 位，pygit2 的还是 7 位；用 `--abbrev=7` 或 `abbreviated_size=8`，两边就一样。
    """  # noqa: E501
    repo = strategies.build(tmp_path)
    blobs = "".join(f"blob\ndata 5\n{number:05}\n" for number in range(2**14))
    assert git(tmp_path, "describe", "--tags").stdout == f"v0.3.10-1-g{HEAD[:7]}\n"
    subprocess.run(["git", "-C", tmp_path, "fast-import", "--quiet"], input=blobs, text=True, check=True)
    assert git(tmp_path, "describe", "--tags").stdout == f"v0.3.10-1-g{HEAD[:8]}\n"
    repo = pygit2.Repository(tmp_path)
    assert repo.describe(describe_strategy=TAGS) == f"v0.3.10-1-g{HEAD[:7]}"
    assert repo.describe(describe_strategy=TAGS, abbreviated_size=8) == f"v0.3.10-1-g{HEAD[:8]}"
    assert git(tmp_path, "describe", "--tags", "--abbrev=7").stdout == f"v0.3.10-1-g{HEAD[:7]}\n"


def test_a_description_is_the_tag_or_tag_distance_hash(tmp_path: Path) -> None:
    """On the tag a description is the tag; elsewhere the tag, the commits since, and `g` with a short hash.

    正好在标签上，描述就是标签；否则是标签、之后的提交数、`g` 加短哈希。
    """
    repo = strategies.build(tmp_path)
    assert repo.describe("HEAD~1", describe_strategy=TAGS) == "v0.3.10"
    assert repo.describe(describe_strategy=TAGS) == f"v0.3.10-1-g{HEAD[:7]}"
    commit(repo, "still more work")
    assert repo.describe(describe_strategy=TAGS) == f"v0.3.10-2-g{str(repo.head.target)[:7]}"
    for where in ("HEAD", "HEAD~1", "HEAD~2"):
        name = repo.describe(where, describe_strategy=TAGS)
        assert git(tmp_path, "describe", "--tags", where).stdout == f"{name}\n"


def test_the_suffix_can_be_dropped_or_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`abbreviated_size=0` leaves the tag alone; `always_use_long_format` adds the suffix on the tag too.

    `abbreviated_size=0` 只留标签；`always_use_long_format` 让正好在标签上时也带后缀。
    """
    repo = strategies.build(tmp_path)
    tagged = repo.revparse_single("HEAD~1").short_id
    assert repo.describe(describe_strategy=TAGS, abbreviated_size=0) == "v0.3.10"
    long = repo.describe("HEAD~1", describe_strategy=TAGS, always_use_long_format=True)
    assert long == f"v0.3.10-0-g{tagged}"
    formats.main()
    rows = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
    beyond = f"v0.3.10-1-g{HEAD[:7]}"
    assert rows == ["HEAD~1", "v0.3.10", "v0.3.10", long, "HEAD", beyond, "v0.3.10", beyond]


def test_the_g_is_not_part_of_the_hash(tmp_path: Path) -> None:
    """The hash is found without its `g`, not with it; the whole description is a name git accepts, but not with `-dirty`.

    去掉 `g` 的哈希找得到提交，带着 `g` 就找不到；整个描述是 Git 认识的名字，带着 `-dirty` 就不认识。
    """  # noqa: E501
    repo = strategies.build(tmp_path)
    text = repo.describe(describe_strategy=TAGS)
    with_g = text.rpartition("-")[2]
    assert repo.revparse_single(with_g.removeprefix("g")).id == repo.head.target
    with pytest.raises(KeyError):
        repo.revparse_single(with_g)
    assert git(tmp_path, "rev-parse", "--verify", with_g).returncode == 128
    assert repo.revparse_single(text).id == repo.head.target
    assert git(tmp_path, "rev-parse", "--verify", f"{text}-dirty").returncode == 128
    for name in (with_g.removeprefix("g"), text):
        assert git(tmp_path, "rev-parse", "--verify", name).stdout.strip() == str(repo.head.target)


def test_only_tracked_files_make_it_dirty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed tracked file earns the dirty suffix; an untracked file does not, until it is staged.

    改了已跟踪的文件才有 dirty 后缀；未跟踪的文件不算，暂存之后才算。
    """
    repo = strategies.build(tmp_path)
    clean = with_suffix(repo)
    assert clean == f"v0.3.10-1-g{HEAD[:7]}"
    tmp_path.joinpath("new.txt").write_text("new")
    assert with_suffix(repo) == clean
    repo.index.add("new.txt")
    repo.index.write()
    assert with_suffix(repo) == clean + "-dirty"
    repo.reset(repo.head.target, ResetMode.HARD)
    assert with_suffix(repo) == clean
    tmp_path.joinpath("notes.txt").write_text("changed")
    assert with_suffix(repo) == clean + "-dirty"
    dirty.main()
    ends = [line.endswith("-dirty") for line in capsys.readouterr().out.splitlines()]
    assert ends == [False, False, True]


def test_naming_a_commit_leaves_the_dirty_suffix_out(tmp_path: Path) -> None:
    """Naming a commit, HEAD included, pygit2 ignores `dirty_suffix`; the command refuses the combination.

    写明提交（哪怕是 HEAD），pygit2 就不理会 `dirty_suffix`；命令则拒绝这样搭配。
    """
    repo = strategies.build(tmp_path)
    tmp_path.joinpath("notes.txt").write_text("changed")
    assert with_suffix(repo).endswith("-dirty")
    for name in ("HEAD", "HEAD~1", str(repo.head.target)):
        assert with_suffix(repo, name) == repo.describe(name, describe_strategy=TAGS)
        assert git(tmp_path, "describe", "--dirty", name).returncode == 128
    assert git(tmp_path, "describe", "--dirty").returncode == 0


def test_without_any_tag_it_is_not_a_key_error(tmp_path: Path) -> None:
    """With no tag at all `describe` raises a GitError that is no KeyError.

    一个标签都没有时，`describe` 抛的 GitError 不是 KeyError。
    """
    repo = new_repository(tmp_path)
    commit(repo, "first")
    with pytest.raises(pygit2.GitError) as caught:
        repo.describe(describe_strategy=TAGS)
    assert not isinstance(caught.value, KeyError)
    assert attempt(tmp_path, TAGS).startswith("GitError: ")


@pytest.mark.parametrize("case", ["no commit", "lightweight tag only", "tag out of reach"])
def test_the_other_failures_are_key_errors_too(case: str, tmp_path: Path) -> None:
    """No commit, no annotated tag, no tag in reach: each raises what is both a KeyError and a GitError.

    没有提交、没有附注标签、历史里没有标签：抛的既是 KeyError，也是 GitError。
    """
    repo = new_repository(tmp_path)
    if case != "no commit":
        first = commit(repo, "first")
        commit(repo, "second")
        light_tag(repo, "v1")
    if case == "tag out of reach":
        repo.reset(first, ResetMode.HARD)
    for strategy in (DEFAULT,) if case == "lightweight tag only" else (DEFAULT, TAGS):
        with pytest.raises(KeyError) as caught:
            repo.describe(describe_strategy=strategy)
        assert isinstance(caught.value, pygit2.GitError)
        assert type(caught.value).__name__ == "NotFoundError"
        assert attempt(tmp_path, strategy).startswith("GitError and KeyError: ")


def test_the_fallback_needs_a_commit(tmp_path: Path) -> None:
    """`show_commit_oid_as_fallback` and `--always` give a hash without a tag, and fail without a commit.

    `show_commit_oid_as_fallback` 或 `--always` 在没有标签时给出短哈希；没有提交时都会失败。
    """
    repo = new_repository(tmp_path)
    with pytest.raises(KeyError):
        repo.describe(show_commit_oid_as_fallback=True)
    refused = git(tmp_path, "describe", "--always")
    assert (refused.returncode, refused.stderr) == (128, "fatal: Not a valid object name HEAD\n")
    head = commit(repo, "first")
    assert repo.describe(show_commit_oid_as_fallback=True) == str(head)[:7]
    assert git(tmp_path, "describe", "--always").stdout == f"{str(head)[:7]}\n"


def test_a_shallow_clone_does_not_reach_an_older_tag(tmp_path: Path) -> None:
    """A clone of depth 1 past the tag has no tag: `describe` raises, and the fallback gives a short hash.

    If the one commit has a tag, lightweight or annotated, the clone has it, and its name.

    标签之后深度为 1 的克隆没有标签：`describe` 抛异常，加上后备选项得到短哈希。
    如果克隆的这个提交上有标签，不管轻量还是附注，克隆里就有它，也有名字。
    """
    head = strategies.build(tmp_path).head.target
    repo = cloned(tmp_path, tmp_path / "clone", "--depth=1")
    assert repo.is_shallow
    with pytest.raises(pygit2.GitError, match="no reference found"):
        repo.describe(describe_strategy=TAGS)
    assert repo.describe(describe_strategy=TAGS, show_commit_oid_as_fallback=True) == str(head)[:7]
    assert git(Path(repo.workdir), "describe", "--tags", "--always").stdout.strip() == str(head)[:7]
    for number, tag in enumerate((light_tag, annotated_tag)):
        source = new_repository(tmp_path / f"source {number}")
        for name in ("older", "newer"):
            commit(source, name)
            tag(source, name)
        repo = cloned(Path(source.workdir), tmp_path / f"tagged {number}", "--depth=1")
        assert (repo.is_shallow, "refs/tags/older" in repo.references) == (True, False)
        assert repo.describe(describe_strategy=TAGS) == "newer"


def test_a_shallow_clone_of_a_tag_knows_it(tmp_path: Path) -> None:
    """A clone of depth 1 that names a tag brings the tag along and is described by it.

    深度为 1 的克隆若指明标签，就会一起取来标签，描述就是它。
    """
    strategies.build(tmp_path)
    repo = cloned(tmp_path, tmp_path / "clone", "--depth=1", "--branch=v0.3.10")
    assert repo.is_shallow
    assert repo.describe(describe_strategy=TAGS) == "v0.3.10"


def test_of_two_lightweight_tags_the_first_in_byte_order_wins(tmp_path: Path) -> None:
    """Of lightweight tags on one commit the first in byte order wins, for pygit2 a newer one before packed ones; `pattern` narrows the choice.

    同一提交上的轻量标签，按字节顺序最靠前的胜出，但 pygit2 先取打包之后新来的，再取打包的；`pattern` 可以缩小范围。
    """  # noqa: E501
    repo = strategies.build(tmp_path)
    for name, wins in (("v0.3.9", "v0.3.9"), ("v0.3.11", "v0.3.11"), ("latest", "latest"), ("V1", "V1")):
        light_tag(repo, name)
        assert repo.describe(describe_strategy=TAGS) == wins
        assert git(tmp_path, "describe", "--tags").stdout == f"{wins}\n"
    light_tag(repo, "z")  # made last
    assert repo.describe(describe_strategy=TAGS) == "V1"
    assert repo.describe(describe_strategy=TAGS, pattern="v*") == "v0.3.11"
    assert git(tmp_path, "describe", "--tags", "--match=v*").stdout == "v0.3.11\n"
    fetched = cloned(tmp_path, tmp_path / "clone")
    assert fetched.describe(describe_strategy=TAGS) == "V1"
    light_tag(repo, "z1")
    assert git(tmp_path / "clone", "fetch", "--tags").returncode == 0
    assert fetched.describe(describe_strategy=TAGS) == "z1"
    assert git(tmp_path / "clone", "describe", "--tags").stdout == "V1\n"
    loose = [path.name for path in (tmp_path / "clone/.git/refs/tags").iterdir()]
    assert (loose, "refs/tags/V1" in (tmp_path / "clone/.git/packed-refs").read_text()) == (["z1"], True)
    assert git(tmp_path, "gc").returncode == 0
    assert pygit2.Repository(tmp_path).describe(describe_strategy=TAGS) == "V1"
    light_tag(repo, "z2")
    assert pygit2.Repository(tmp_path).describe(describe_strategy=TAGS) == "z2"
    assert git(tmp_path, "describe", "--tags").stdout == "V1\n"


def test_an_annotated_tag_beats_lightweight_ones(tmp_path: Path) -> None:
    """On one commit an annotated tag beats lightweight ones, under TAGS too, and a newer one an older one.

    同一提交上，附注标签胜过轻量标签，用 TAGS 也是如此；较新的附注标签胜过较旧的。
    """
    repo = strategies.build(tmp_path)
    light_tag(repo, "latest")
    light_tag(repo, "z1")
    annotated_tag(repo, "v0.3.11")
    assert repo.describe(describe_strategy=TAGS) == "v0.3.11"
    assert git(tmp_path, "describe", "--tags").stdout == "v0.3.11\n"
    for name, year in (("a", -2), ("y", -1), ("b", 1), ("x", 2)):
        tagger = pygit2.Signature(AUTHOR.name, AUTHOR.email, AUTHOR.time + year * 31_536_000)
        repo.create_tag(name, repo.head.target, ObjectType.COMMIT, tagger, name)
        wins = "v0.3.11" if year < 0 else name
        assert repo.describe(describe_strategy=TAGS) == wins
        assert git(tmp_path, "describe", "--tags").stdout == f"{wins}\n"
    commit(repo, "one more")
    light_tag(repo, "nearer")
    assert repo.describe(describe_strategy=TAGS) == "nearer"


def test_only_the_long_format_can_be_taken_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tag may look like a description; in the long format the last two parts are always git's own.

    标签可以写得像描述；长格式里最后两段总是 Git 自己加的。
    """
    repo = strategies.build(tmp_path)
    light_tag(repo, "v1-2-gc0ffee")
    plain = repo.describe(describe_strategy=TAGS)
    long = repo.describe(describe_strategy=TAGS, always_use_long_format=True)
    assert parsing.parse(plain) == ("v1", 2, "c0ffee")
    assert parsing.parse(long) == ("v1-2-gc0ffee", 0, str(repo.head.target)[:7])
    for text in ("v0.3.10", f"{long}-dirty"):
        with pytest.raises(ValueError, match=f"{text}$"):
            parsing.parse(text)
    parsing.main()
    said = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert said == [plain, str(parsing.parse(plain)), long, str(parsing.parse(long))]


def test_the_number_is_what_the_tags_history_lacks(tmp_path: Path) -> None:
    """Over a merge, commit dates rising, the number is `git rev-list --count TAG..HEAD`; the tag with the least wins. Of equal or older dates it may be more.

    提交时间递增时，有合并也一样：数字就是 `git rev-list --count TAG..HEAD`，数字最小的标签胜出；时间相同或更早，数字会偏大。
    """  # noqa: E501
    repo = new_repository(tmp_path)
    tree, tagged = repo.index.write_tree(), dict[str, pygit2.Oid]()

    def add(*parents: pygit2.Oid, tag: str = "") -> pygit2.Oid:
        author = pygit2.Signature("Ada", "ada@example.org", 1735215529 + 60 * len(tagged))
        made = repo.create_commit(None, author, author, str(len(tagged)), tree, list(parents))
        tagged[tag or str(made)] = made
        if tag:
            repo.references.create(f"refs/tags/{tag}", made)
        return made

    base = add(tag="base")
    side = add(add(add(add(base)), tag="side"))
    main = add(base, tag="main")  # fewer steps back, and met first
    repo.references.create("refs/heads/main", add(main, side))
    counts = {
        tag: int(git(tmp_path, "rev-list", "--count", f"{tag}..HEAD").stdout)
        for tag in ("base", "side", "main")
    }
    assert counts == {"base": 6, "side": 3, "main": 5}
    assert repo.describe(describe_strategy=TAGS).startswith("side-3-g")
    assert git(tmp_path, "describe", "--tags").stdout.startswith("side-3-g")
    for name, minutes, described in (
        ("rising", (0, 1, 2, 3, 4, 5), 3),
        ("equal", (0, 0, 0, 0, 0, 0), 5),
        ("older", (0, 3, 1, 2, 4, 5), 5),
    ):
        repo = new_repository(tmp_path / name)
        tree, made = repo.index.write_tree(), list[pygit2.Oid]()
        for number, parents in enumerate(((), (0,), (1,), (1,), (2,), (3, 4))):
            author = pygit2.Signature("Ada", "ada@example.org", 1735215529 + 60 * minutes[number])
            line = [made[parent] for parent in parents]
            made.append(repo.create_commit(None, author, author, str(number), tree, line))
        repo.references.create("refs/tags/v1", made[2])
        repo.references.create("refs/heads/main", made[-1])
        assert git(tmp_path / name, "rev-list", "--count", "v1..HEAD").stdout == "3\n"
        assert repo.describe(describe_strategy=TAGS).startswith(f"v1-{described}-g"), name
        if name == "rising" or git_version(tmp_path) < (2, 40):
            assert git(tmp_path / name, "describe", "--tags").stdout.startswith(f"v1-{described}-g"), name


def git_version(folder: Path) -> tuple[int, int]:
    """Return the version of the command: of what it counts wrongly each has its own way."""
    major, minor, *_ = map(int, re.findall(r"\d+", git(folder, "--version").stdout))
    return major, minor


@pytest.mark.parametrize(
    ("sides", "command", "library"),
    [
        *((1, "v1", "v1"), (2, "v1", "v1"), (3, "v1", "side")),
        *((9, "v1", "side"), (10, "side", "side"), (11, "side", "side")),
    ],
)
def test_only_the_tags_met_first_are_compared(sides: int, command: str, library: str, tmp_path: Path) -> None:
    """Behind merged tags, newer and farther, Git 2.39 misses the nearest as the 11th (of ten `--candidates`), 2.55 as the 2nd, pygit2 as the 4th, with any `max_candidates_tags`.

    合并进来的标签更新、更远：Git 2.39 漏掉排在第 11 个的最近标签（`--candidates` 是十个），Git 2.55 漏掉第 2 个，pygit2 漏掉第 4 个，`max_candidates_tags` 再大也一样。
    """  # noqa: E501
    repo = new_repository(tmp_path)
    tree, made = repo.index.write_tree(), list[pygit2.Oid]()

    def add(*parents: pygit2.Oid) -> pygit2.Oid:
        author = pygit2.Signature("Ada", "ada@example.org", 1735215529 + 60 * len(made))
        made.append(repo.create_commit(None, author, author, str(len(made)), tree, list(parents)))
        return made[-1]

    base = head = add()
    for _ in range(40):
        head = add(head)
    repo.references.create("refs/tags/v1", head)
    for number, side in enumerate([add(base) for _ in range(sides)]):
        repo.references.create(f"refs/tags/side-{number}", side)
        head = add(head, side)
    repo.references.create("refs/heads/main", head)
    assert git(tmp_path, "rev-list", "--count", "v1..HEAD").stdout == f"{2 * sides}\n"
    assert git(tmp_path, "rev-list", "--count", "side-0..HEAD").stdout == f"{2 * sides + 39}\n"
    if git_version(tmp_path) < (2, 40):
        assert git(tmp_path, "describe", "--tags").stdout.startswith(command)
        of_eleven = git(tmp_path, "describe", "--tags", "--candidates=11").stdout
        assert of_eleven.startswith("v1" if sides < 11 else "side")
    elif git_version(tmp_path) >= (2, 55):  # of those between nothing is said
        assert git(tmp_path, "describe", "--tags").stdout.startswith("side")
    for most in (None, 100):  # a larger number does not help
        assert repo.describe(describe_strategy=TAGS, max_candidates_tags=most).startswith(library)


def cloned(source: Path, target: Path, *options: str) -> pygit2.Repository:
    """Clone a repository over its address, as from a server."""
    assert git(source, "clone", *options, source.as_uri(), str(target)).returncode == 0
    return pygit2.Repository(target)


def test_tags_alone_do_not_help_a_shallow_clone(tmp_path: Path) -> None:
    """After `git fetch --tags` a shallow clone has the tags, but its history still ends at HEAD: no tag is in it.

    浅克隆里 `git fetch --tags` 之后，标签有了，历史还是只到 HEAD：历史里没有标签。
    """  # noqa: E501
    expected = strategies.build(tmp_path / "source").describe(describe_strategy=TAGS)
    repo = cloned(tmp_path / "source", tmp_path / "clone", "--depth=1")
    assert git(tmp_path / "clone", "fetch", "--tags").returncode == 0
    assert "refs/tags/v0.3.10" in repo.references
    with pytest.raises(pygit2.GitError, match="no tags can describe"):
        repo.describe(describe_strategy=TAGS)
    assert "No tags can describe" in git(tmp_path / "clone", "describe", "--tags").stderr
    assert git(tmp_path / "clone", "rev-list", "--count", "HEAD").stdout == "1\n"
    assert git(tmp_path / "clone", "fetch", "--unshallow").returncode == 0
    assert git(tmp_path / "clone", "describe", "--tags").stdout == f"{expected}\n"
    assert git(tmp_path / "clone", "rev-list", "--count", "HEAD").stdout == "4\n"


@pytest.mark.parametrize("case", ["side branch", "not fetched", "cut off", "nothing wrong"])
def test_an_older_tag_gives_the_name_without_an_error(case: str, tmp_path: Path) -> None:
    """A newer tag on a side branch, not fetched, or cut off by `--depth`: an older one gives the name, without an error.

    较新的标签在其他分支上、没有取来、或者被 `--depth` 截掉：更旧的标签成为名字，不报错。
    """  # noqa: E501
    repo = new_repository(tmp_path / "source")
    tree, made = repo.index.write_tree(), list[pygit2.Oid]()
    for parents in ((), (0,), (0,), (2,), (3,), (1, 4)):
        line = [made[parent] for parent in parents]
        author = pygit2.Signature("Ada", "ada@example.org", 1735215529 + 60 * len(made))
        made.append(repo.create_commit(None, author, author, str(len(made)), tree, line))
    repo.references.create("refs/tags/older", made[1])
    repo.references.create("refs/tags/newer", made[3])
    repo.references.create("refs/heads/main", made[1 if case == "side branch" else 5])
    options = {"not fetched": ("--no-tags",), "cut off": ("--depth=2",)}
    clone = cloned(tmp_path / "source", tmp_path / "clone", *options.get(case, ()))
    wanted = "refs/tags/older" if case == "not fetched" else "refs/tags/*"
    assert git(tmp_path / "clone", "fetch", "origin", f"{wanted}:{wanted}").returncode == 0
    assert ("refs/tags/newer" in clone.references) is (case != "not fetched")
    name = clone.describe(describe_strategy=TAGS)
    assert name.partition("-")[0] == ("newer" if case == "nothing wrong" else "older")
    told = git(tmp_path / "clone", "describe", "--tags")
    assert (told.returncode, told.stdout, told.stderr) == (0, f"{name}\n", "")


def test_unshallow_with_tags_gives_the_name_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`git fetch --unshallow --tags` repairs a shallow clone; on one that is whole it fails, with code 128.

    `git fetch --unshallow --tags` 能修好浅克隆；对完整的仓库则失败，退出码 128。
    """
    expected = strategies.build(tmp_path / "source").describe(describe_strategy=TAGS)
    folder = tmp_path / "clone"
    cloned(tmp_path / "source", folder, "--depth=1")
    question = ("rev-parse", "--is-shallow-repository")
    assert git(folder, *question).stdout == "true\n"
    assert git(folder, "fetch", "--unshallow", "--tags").returncode == 0
    assert pygit2.Repository(folder).describe(describe_strategy=TAGS) == expected
    assert git(folder, "describe", "--tags").stdout == f"{expected}\n"
    assert git(folder, *question).stdout == "false\n"
    again = git(folder, "fetch", "--unshallow", "--tags")
    assert again.returncode == 128
    assert "--unshallow on a complete repository does not make sense" in again.stderr
    unshallow.main()
    shallow, tags, whole, once_more = capsys.readouterr().out.splitlines()
    assert shallow.startswith("clone --depth=1: cannot describe - no reference found")
    assert tags == "fetch --tags: cannot describe - no tags can describe"
    assert whole == f"fetch --unshallow --tags: {expected}"
    assert once_more.endswith("--unshallow on a complete repository does not make sense")


@pytest.mark.parametrize("options", [["--depth=2"], [], ["--filter=blob:none"]])
def test_depth_that_reaches_the_tag_or_no_contents_will_do(options: list[str], tmp_path: Path) -> None:
    """A clone as deep as the tag, a whole one, or one without old contents (`--filter=blob:none`) has the name.

    深度够到标签的克隆、完整的克隆，或者没有旧内容的克隆（`--filter=blob:none`），都有名字。
    """  # noqa: E501
    expected = strategies.build(tmp_path / "source").describe(describe_strategy=TAGS)
    git(tmp_path / "source", "config", "uploadpack.allowFilter", "true")
    repo = cloned(tmp_path / "source", tmp_path / "clone", *options)
    assert repo.describe(describe_strategy=TAGS) == expected
    assert git(tmp_path / "clone", "describe", "--tags").stdout == f"{expected}\n"
    tags, commits, old = (
        git(tmp_path / "clone", *question).stdout.split()
        for question in (
            ("tag",),
            ("rev-list", "HEAD"),
            ("rev-list", "--objects", "--missing=print", "HEAD"),
        )
    )
    if options == ["--depth=2"]:
        assert len(commits) == 2
    else:
        assert tags == ["v0.0.2", "v0.3.10"]
        assert len(commits) == 4
        missing = len([name for name in old if name.startswith("?")])
        assert missing == (3 if options else 0)  # of four versions of one file


def test_a_clone_without_tags_gets_them(tmp_path: Path) -> None:
    """A clone made with `--no-tags` has no name until `git fetch --tags`, by pygit2 and by the command; of a fork without tags, until the address of the original is added.

    用 `--no-tags` 克隆的仓库没有名字，`git fetch --tags` 之后就有了，pygit2 和命令都一样；如果克隆的是没有标签的派生仓库，要写上原仓库的地址。
    """  # noqa: E501
    expected = strategies.build(tmp_path / "source").describe(describe_strategy=TAGS)
    repo = cloned(tmp_path / "source", tmp_path / "clone", "--no-tags")
    with pytest.raises(pygit2.GitError, match="no reference found"):
        repo.describe(describe_strategy=TAGS)
    assert "No names found" in git(tmp_path / "clone", "describe", "--tags").stderr
    assert git(tmp_path / "clone", "fetch", "--tags").returncode == 0
    assert repo.describe(describe_strategy=TAGS) == expected
    assert git(tmp_path / "clone", "describe", "--tags").stdout == f"{expected}\n"
    cloned(tmp_path / "source", tmp_path / "fork", "--no-tags")
    repo = cloned(tmp_path / "fork", tmp_path / "clone of the fork")
    for address, found in (((), ""), (((tmp_path / "source").as_uri(),), f"{expected}\n")):
        assert git(Path(repo.workdir), "fetch", "--tags", *address).returncode == 0
        assert git(Path(repo.workdir), "describe", "--tags").stdout == found
    assert repo.describe(describe_strategy=TAGS) == expected


def test_a_pattern_that_fits_no_tag_says_the_same_as_no_tag(tmp_path: Path) -> None:
    """If no tag fits the pattern, pygit2 and the command say what they say without tags; another pattern gives the name.

    没有一个标签符合 `pattern`，pygit2 和命令报的就和没有标签时一样；换一个 `pattern` 就得到名字。
    """  # noqa: E501
    repo = strategies.build(tmp_path)
    with pytest.raises(pygit2.GitError, match="no reference found"):
        repo.describe(describe_strategy=TAGS, pattern="release*")
    assert "No names found" in git(tmp_path, "describe", "--tags", "--match=release*").stderr
    expected = repo.describe(describe_strategy=TAGS)
    assert repo.describe(describe_strategy=TAGS, pattern="v*") == expected
    assert git(tmp_path, "describe", "--tags", "--match=v*").stdout == f"{expected}\n"


@pytest.mark.parametrize(("options", "kind"), [(["v1"], "commit"), (["-a", "v1", "-m", "v1"], "tag")])
def test_git_tag_makes_a_lightweight_one_and_with_a_an_annotated_one(
    options: list[str], kind: str, tmp_path: Path
) -> None:
    """`git tag v1` names the commit itself, `git tag -a v1` makes a tag object; only the latter counts without `--tags`.

    `git tag v1` 直接给提交起名；`git tag -a v1` 创建一个标签对象，不写 `--tags` 时只有它算数。
    """  # noqa: E501
    commit(new_repository(tmp_path), "first")
    ada = {f"GIT_COMMITTER_{what}": "ada@example.org" for what in ("NAME", "EMAIL")}
    assert git(tmp_path, "tag", *options, **ada).returncode == 0
    assert git(tmp_path, "cat-file", "-t", "v1").stdout == f"{kind}\n"
    assert git(tmp_path, "describe").stdout == ("v1\n" if kind == "tag" else "")
    assert git(tmp_path, "describe", "--tags").stdout == "v1\n"


@pytest.mark.parametrize(
    ("case", "library", "command"),
    [
        ("no repository", "Repository not found", "not a git repository"),
        ("no commit", "reference 'refs/heads/main' not found", "No names found"),
        ("no commit on this branch", "reference 'refs/heads/new' not found", "No names found"),
        ("no tag", "no reference found", "No names found"),
        ("lightweight tag only", "no annotated tags can describe", "No annotated tags can describe"),
        ("tag out of reach", "no tags can describe", "No tags can describe"),
    ],
)
def test_the_command_and_pygit2_fail_with_these_messages(
    case: str, library: str, command: str, tmp_path: Path
) -> None:
    """In six folders without a name pygit2 and the command say what the table of the page says; without a commit on the branch `git rev-parse HEAD` fails.

    在六个没有名字的目录里，pygit2 和命令报的就是页面那张表里的话；分支上没有提交时，`git rev-parse HEAD` 失败。
    """  # noqa: E501
    lightweight = case == "lightweight tag only"
    if case != "no repository":
        repo = new_repository(tmp_path)
    if case not in ("no repository", "no commit"):
        first = commit(repo, "first")
    if case in ("lightweight tag only", "tag out of reach"):
        commit(repo, "second")
        light_tag(repo, "v1")
    if lightweight:  # an annotated one elsewhere makes no difference
        side = repo.create_commit(None, AUTHOR, AUTHOR, "side", repo.index.write_tree(), [first])
        repo.create_tag("v9", side, ObjectType.COMMIT, AUTHOR, "v9")
    if case == "tag out of reach":
        repo.reset(first, ResetMode.HARD)
    if case == "no commit on this branch":
        repo.set_head("refs/heads/new")
    if command == "No names found":  # the command says the same of all three
        found = git(tmp_path, "rev-parse", "HEAD").returncode
        assert found == (0 if case == "no tag" else 128)
    for folder in (tmp_path, tmp_path / "folder in it"):
        folder.mkdir(exist_ok=True)
        assert library in attempt(folder, DEFAULT if lightweight else TAGS)
    options = () if lightweight else ("--tags",)
    failed = git(tmp_path, "describe", *options, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert failed.returncode == 128
    assert command in failed.stderr
