"""Build the same sources with Zensical, the successor of MkDocs and Material, and say what is missing there.

    pip install zensical
    python -m tools.zensical

It is no dependency: this tells what the end of Material's support would cost. Search, Run's scripts and
the line under a title belong to the build's hooks and templates, and are not compared.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tools import generated
from tools.model import LANGUAGES, ROOT

CONFIG = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
COMPARED = {
    "✓ with its sentence": r"<a (?=[^>]*\bproof\b)(?=[^>]*\bhref=)(?=[^>]*\btitle=)",
    "permalinks": r"<a [^>]*#L\d+-L\d+",
    "figures": r"<figure ",
    "Run marks": r"\bdata-run(?:-not)?=",
    "terms": r"<abbr ",
    "proofs": r'<h\d [^>]*id="tests\.\w+\.test_\w+\.test_',
}


def main() -> None:
    """Build both languages with both, and compare page by page; end with 1 if anything is missing."""
    if not find_spec("zensical"):
        sys.exit("Zensical is not installed: pip install zensical")
    with TemporaryDirectory() as folder:
        root = Path(folder)
        run(ROOT, "mkdocs", "build", "--quiet", "--site-dir", str(root / "mkdocs"))
        lay_out(root)
        for language in LANGUAGES:
            run(root, "zensical", "build", "--config-file", f"zensical.{language}.yml")
        missing, table = differences(root / "mkdocs", root / "zensical")
    print(*missing, *table, sep="\n")
    sys.exit(bool(missing))


def run(folder: Path, *words: str) -> None:
    """Run a Python module in a folder; if it fails, end with what it printed."""
    done = subprocess.run([sys.executable, "-m", *words], cwd=folder, capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")


def lay_out(root: Path) -> None:
    """Write into a folder what Zensical reads: the sources, the generated pages and the configuration."""
    for name in ("snippets", "tests"):
        (root / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "docs/theme", root / "docs/theme")
    for language in LANGUAGES:
        docs = shutil.copytree(ROOT / "docs" / language, root / "docs" / language)
        for path, text in generated.pages(language).items():
            (docs / path).parent.mkdir(parents=True, exist_ok=True)
            (docs / path).write_text(text, "utf-8")
        settings = (ROOT / CONFIG[language]).read_text("utf-8")
        # Zensical does not know this tag of MkDocs.
        (root / CONFIG[language]).write_text(settings.replace("!relative $config_dir/", ""), "utf-8")
        added = {  # Zensical adds an inherited list to this one
            "INHERIT": CONFIG[language],
            "nav": generated.navigation(language),
            "site_dir": "zensical" + ("/en" if language == "en" else ""),
        }
        (root / f"zensical.{language}.yml").write_text(yaml.safe_dump(added, allow_unicode=True), "utf-8")


def differences(mkdocs: Path, zensical: Path) -> tuple[list[str], list[str]]:
    """Return what the pages of Zensical lack, and a table of how much of each kind there is in both."""
    there, here = counts(mkdocs), counts(zensical)
    missing = [f"missing: {page}" for page in sorted(there.keys() - here.keys())]
    missing += [
        f"{page}: {here[page][kind]} of {number} {kind}"
        for page in sorted(there.keys() & here.keys())
        for kind, number in there[page].items()
        if here[page][kind] < number
    ]
    sums = [sum(pages.values(), Counter[str]()) for pages in (there, here)]
    table = [f"{'':20}{'MkDocs':>8}{'Zensical':>10}", f"{'pages':20}{len(there):>8}{len(here):>10}"]
    table += [f"{kind:20}{sums[0][kind]:>8}{sums[1][kind]:>10}" for kind in COMPARED]
    return missing, table


def counts(site: Path) -> dict[str, Counter[str]]:
    """Return how much of each kind each page of a site has."""
    return {
        file.relative_to(site).as_posix(): Counter(
            {kind: len(re.findall(pattern, file.read_text("utf-8"))) for kind, pattern in COMPARED.items()}
        )
        for file in site.rglob("*.html")
    }


if __name__ == "__main__":
    main()
