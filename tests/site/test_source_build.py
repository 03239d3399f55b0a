"""What the build emits for the source beside the note, and what it never does: hold ComfyUI's code."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from html import escape, unescape
from pathlib import Path
from typing import Any

import pygit2
import pytest
from mkdocs.exceptions import PluginError

from source import build
from tests.site.built_site import folder
from tests.site.made_up import MAP, TEXT, write_site
from tools.model import LANGUAGES, ROOT, Project
from tools.source_map import SourceMap, source_maps

PAGE_LIMIT, FIRST_USE_LIMIT, LATER_LIMIT = 1_000, 22_000, 2_500  # bytes, compressed
LONGEST_RUN = 4  # lines, as the re-creation of `PromptQueue.put` has
LONGEST = 300  # characters; what is longer is no line of code
BLANK = hashlib.sha256(b"").hexdigest()[:8]
TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def clone(tmp_path: Path) -> tuple[str, str]:
    """Make a repository with the three files; return its path and its commit."""
    repository = pygit2.init_repository(tmp_path / "clone")
    tree = repository.TreeBuilder()
    for file in source_maps():
        tree.insert(file, repository.create_blob(f"{file}\n{TEXT}".encode()), pygit2.enums.FileMode.BLOB)
    author = pygit2.Signature("A", "a@example.org", 0, 0)
    return str(tmp_path / "clone"), str(
        repository.create_commit("HEAD", author, author, "m", tree.write(), [])
    )


@pytest.fixture(autouse=True)
def no_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what an earlier test has read."""
    monkeypatch.delenv("COMFYUI", raising=False)
    monkeypatch.setattr(build, "served", {})


def test_a_site_for_others_is_not_built_with_comfyui(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command but `serve` refuses; without COMFYUI none does."""
    for command in ("build", "gh-deploy"):
        build.start(command)
        monkeypatch.setenv("COMFYUI", "/somewhere")
        with pytest.raises(PluginError, match="must not hold ComfyUI's code"):
            build.start(command)
        monkeypatch.delenv("COMFYUI")


def test_serving_reads_the_clone_once(clone: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The English build inside `serve` is a `build` too, and is not refused; a folder never has the files."""
    path, commit = clone
    monkeypatch.setenv("COMFYUI", f"{path}@{commit}")
    build.start("serve")
    assert build.served == {file: f"{file}\n{TEXT}".encode() for file in source_maps()}
    build.start("build")


class Server:
    """What `mkdocs serve` hands to the hooks."""

    def __init__(self) -> None:
        self.app: Any = lambda environ, start: [b"page"]

    def get_app(self) -> Any:
        """Return the application."""
        return self.app

    def set_app(self, app: Any) -> None:
        """Replace it."""
        self.app = app

    def get(self, path: str) -> bytes:
        """Return what it answers."""
        return b"".join(self.app({"PATH_INFO": path}, lambda status, headers: None))


def test_the_server_answers_from_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files are answered at `source/`, below any path; all else as before; without a clone all is."""
    server: Any = Server()
    build.serve(server)
    assert server.get("/source/server.py") == b"page"
    monkeypatch.setattr(build, "served", {"server.py": b"text"})
    build.serve(server)
    assert [server.get(path) for path in ("/source/server.py", "/a/source/server.py")] == [b"text"] * 2
    assert [server.get(path) for path in ("/server.py", "/source/copy.js", "/")] == [b"page"] * 3


@pytest.mark.parametrize("broken", ["nowhere", "clone@0000000", "clone"])
def test_a_clone_that_lacks_the_commit_is_named(broken: str, clone: tuple[str, str], tmp_path: Path) -> None:
    """A folder that is no clone, an unknown commit, a clone without the pinned one."""
    with pytest.raises(PluginError, match=rf"COMFYUI=.*{broken} must name a clone"):
        build.read_clone(f"{tmp_path}/{broken}", source_maps())


def test_the_facts_of_a_file(tmp_path: Path) -> None:
    """Regions with what they do, pages with where they speak of which lines, a sum of each line; no text."""
    write_site(tmp_path)
    facts = build.facts(MAP, "en", tmp_path / "project")
    assert facts["pages"] == [
        ["Other page", "en/server/other/"],
        ["Page", "en/server/page/", 1],
        ["Then and now", "en/server/then-and-now/"],
    ]
    assert [5, 8, 10, "Say hello"] in facts["regions"]
    assert facts["notes"] == [[5, 8, [(0, "x"), (1, "part"), (2, "changed")]], [11, 22, [(0, "")]]]
    assert len(facts["sums"]) == 4 * len(TEXT.splitlines())
    assert not any(line.strip() in str(facts) for line in TEXT.splitlines() if len(line.strip()) > 12)


def test_the_map_says_what_the_links_do() -> None:
    """Each part of server.py has a hover text in both languages."""
    for language in LANGUAGES:
        names = {f"server.py#{region.id}" for region in source_maps()["server.py"].innermost()}
        assert names <= build.purposes(language).keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_later_version_has_changed(language: str) -> None:
    """Each row of the table is known by its lines, without markup and asides."""
    changes = json.loads(Project().snippet("server/then_and_now/changes.json").read_text("utf-8"))["changed"]
    found = build.since(source_maps()["server.py"], language)
    assert found["tag"] == "v0.33.0"
    assert len(found["regions"]) == len(changes) == 30
    said = dict(((first, last), text) for first, last, text in found["regions"])[61, 66]
    assert "middleware/cache_middleware.py" in said
    assert not any(re.search(r"[`\[\]]|\.md", text) for *_, text in found["regions"])
    assert build.since(source_maps()["main.py"], language)["regions"] == []


def test_scripts_lose_only_comments() -> None:
    """Comments on lines of their own go, with the indentation; a `//` in an address and templates stay."""
    script = "/** A\n * b */\nx = `a\n// not code?`;\n  // c\n  y = 'https://z'; // d\n"
    assert build.COMMENT.sub("", script) == "x = `a\ny = 'https://z'; // d\n"
    for file in build.HERE.glob("browser/*.js"):  # so no template goes on in the next line
        code = build.COMMENT.sub("", file.read_text("utf-8"))
        assert all(line.count("`") % 2 == 0 for line in code.split("\n")), file


def compressed(*texts: bytes) -> int:
    """Return the size of texts, each compressed."""
    return sum(len(gzip.compress(text, 6)) for text in texts)


def test_what_a_page_carries_before_a_click(site: Path) -> None:
    """At most 1 KB more: script, style, what the head says, the marks of links and of shown parts."""
    css = (ROOT / "docs/theme/assets/site.css").read_text("utf-8")
    rules = re.sub(r"/\* The source beside the note.*?(?=\n\n)", "", css, flags=re.DOTALL)
    assert len(rules) < len(css)
    css, rules = (re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL) for text in (css, rules))  # as published
    style = compressed(css.encode()) - compressed(rules.encode())
    parts = {
        r'<meta http-equiv="Content-Security[^>]*>': "",
        r"<script>localStorage.*?</script>": "",
        r'<script type="module">\s*const load.*?</script>': "",
        r'<a class="source"( href="[^"]*") target="_blank"': r"<a\1",
        r' data-original="[^"]*"': "",
    }
    for page in Project().all_pages():
        html = without = (site / page.address / "index.html").read_text("utf-8")
        for part, instead in parts.items():
            without = re.sub(part, instead, without, flags=re.DOTALL)
        assert len(without) < len(html) - 700
        size = style + compressed(html.encode()) - compressed(without.encode())
        assert size <= PAGE_LIMIT, (page.name, style, size)


def test_the_facts_lead_to_built_pages(site: Path) -> None:
    """Each page and each page of proofs that the facts name was built."""
    for source in source_maps().values():
        for language in LANGUAGES:
            for _, address, *is_proved in build.facts(source, language)["pages"]:
                assert (site / address / "index.html").is_file(), address
                proofs = re.sub("^(en/)?", r"\1proofs/", address, count=1)
                assert (site / proofs / "index.html").is_file() or not is_proved, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_first_use_fetches(site: Path, language: str) -> None:
    """At most 22 KB beside the text itself: scripts, style, what is known of server.py; 2.5 KB more later."""
    other = {"zh": "en", "en": "zh"}[language]
    later = {"pane.js", "original.js", "since.js"}
    scripts = (
        {file.name for file in build.HERE.glob("browser/*")} - later - {"source.js", f"words.{other}.js"}
    )
    names = scripts | {f"server.py.{language}.json"}
    assert compressed(*((folder(site, "source") / name).read_bytes() for name in names)) <= FIRST_USE_LIMIT
    home = {"zh": "", "en": "en/"}[language]
    originals = (folder(site, "source") / home / "server").rglob("original.json")
    largest = max(originals, key=lambda file: file.stat().st_size)
    since = f"server.py.since.{language}.json"
    for parts in (["pane.js"], ["original.js", str(largest)], ["since.js", since]):
        assert compressed(*((folder(site, "source") / name).read_bytes() for name in parts)) <= LATER_LIMIT


def test_the_policy_names_one_host(site: Path) -> None:
    """A page may connect to its own site and to GitHub's raw host; nothing else is loosened."""
    policy = "connect-src 'self' https://raw.githubusercontent.com"
    for file in (site / "index.html", site / "en/server/routes/index.html", site / "404.html"):
        found = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', file.read_text("utf-8"))
        assert found == [policy]
    hosts = {
        host
        for file in site.glob("source-*/*.*")
        for host in re.findall(r"https?://([^/\"']+)", file.read_text())
    }
    assert hosts == {"raw.githubusercontent.com"}


def code_lines(file: Path) -> list[str]:
    """Return the lines of a built file that are not blank, without markup."""
    text = file.read_text("utf-8", errors="replace")
    text = unescape(TAG.sub("", text)) if file.suffix == ".html" else text
    return [line.strip() for line in text.split("\n") if line.strip()]


def longest_run(lines: list[str], maps: Iterable[SourceMap]) -> list[str]:
    """Return the most lines that follow one another in a mapped file too, without blanks and indentation."""
    places: dict[str, list[tuple[str, int]]] = {}
    for source in maps:
        for at, line in enumerate(line for line in source.lines if line != BLANK):
            places.setdefault(line, []).append((source.file, at))
    best, ending = (0, 0), dict[tuple[str, int], int]()  # how many lines end at a place of a mapped file
    for number, line in enumerate(lines, 1):
        known = [
            place
            for indent in (range(0, 25, 4) if len(line) < LONGEST else ())
            for place in places.get(hashlib.sha256((" " * indent + line).encode()).hexdigest()[:8], [])
        ]
        ending = {(file, at): ending.get((file, at - 1), 0) + 1 for file, at in known}
        best = max(best, (max(ending.values(), default=0), number))
    return lines[best[1] - best[0] : best[1]]


def test_no_built_file_holds_comfyuis_code(site: Path) -> None:
    """Nowhere do five lines follow one another that do so in ComfyUI; the re-creation has single ones."""
    files = [
        file for file in site.rglob("*") if file.suffix in (".html", ".js", ".json", ".py", ".xml", ".txt")
    ]
    assert len(files) > 300
    maps = source_maps().values()
    for file in files:
        run = longest_run(code_lines(file), maps)
        assert len(run) <= LONGEST_RUN, f"{file.relative_to(site)} holds lines of ComfyUI: {run}"


def test_code_in_a_page_would_be_found(tmp_path: Path) -> None:
    """Coloured, escaped and less indented, the lines of a mapped file are seen in a page."""
    lines = [line for line in TEXT.splitlines()[11:22] if line.strip()]
    html = "\n".join(f'<span class="k">{escape(line[4:])}</span>' for line in lines)
    (tmp_path / "page.html").write_text(f"<pre>\n{html}\n</pre>", "utf-8")
    assert len(longest_run(code_lines(tmp_path / "page.html"), [MAP])) == len(lines) > LONGEST_RUN
    assert longest_run(["x", *lines[:2], "y"], [MAP]) == lines[:2]
