"""Build the same sources with Zensical, and print what is missing compared to a MkDocs build.

    .venv/bin/pip install zensical                    # no dependency: wanted here only
    .venv/bin/mkdocs build --site-dir /tmp/site
    .venv/bin/python -m tools.zensical /tmp/site

Material for MkDocs ends in 2027, and Zensical, by its makers, runs Markdown extensions but no MkDocs hooks.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import generated
from tools.model import LANGUAGES, ROOT

CONFIGS = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
COUNTED = {
    "pages": r"<h1",
    "✓ with its sentence": r'<a (?=[^>]*\bproof\b)[^>]*title="[^"]+"[^>]*>✓</a>',
    "permalinks": r'href="https://github\.com/[^"]+#L\d+',
    "figures": r'<figure class="figure',
    "Run marks": r"\bdata-run(?:-not)?=",
    "glossary terms": r"<abbr title=",
}


def main() -> None:
    """Compare, language by language; end with 1 if anything is missing."""
    if len(sys.argv) != 2 or not Path(sys.argv[1], "index.html").is_file():
        sys.exit("usage: python -m tools.zensical SITE, a site built by `mkdocs build --site-dir SITE`")
    site, missing = Path(sys.argv[1]), False
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as name:
            built = build(Path(name), language)
            home = site / "en" if language == "en" else site
            outside = [] if language == "en" else [site / "en"]
            print(f"{language:22}{'MkDocs':>8}{'Zensical':>10}")
            ours, theirs = count(home, outside), count(built, [])
        for what, number in ours.items():
            print(f"{what:22}{number:8}{theirs[what]:10}")
            missing |= theirs[what] < number
    sys.exit(missing)


def build(folder: Path, language: str) -> Path:
    """Build one language from a copy that has the generated pages as files; return the site.

    Raises:
        SystemExit: Zensical is not installed, or its build failed.
    """
    for name in ("docs", "snippets", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules", ".*"))
    for path, text in generated.pages(language).items():
        file = folder / "docs" / language / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    for name in CONFIGS.values():
        text = (ROOT / name).read_text("utf-8")
        text = text.replace(
            "!relative $config_dir/snippets", str(folder / "snippets")
        )  # a tag of MkDocs' own
        (folder / name).write_text(re.sub(r"(?m)^strict: true$", "", text), "utf-8")
    command = [str(Path(sys.executable).with_name("zensical")), "build", "-f", CONFIGS[language]]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    except FileNotFoundError:
        sys.exit("there is no Zensical beside this Python: pip install zensical")
    if done.returncode:
        sys.exit(f"zensical ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return folder / "site"


def count(site: Path, outside: list[Path]) -> dict[str, int]:
    """Return how often each thing that the project adds stands in the pages of a site."""
    files = [
        file for file in site.rglob("index.html") if not any(file.is_relative_to(other) for other in outside)
    ]
    html = "".join(file.read_text("utf-8") for file in files)
    return {what: len(re.findall(pattern, html)) for what, pattern in COUNTED.items()}


if __name__ == "__main__":
    main()
