"""Both languages build strictly from one command, and what is built holds together."""

import logging
import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, PluginError
from pymdownx.superfences import SuperFencesException

from tests.site import built_site
from tests.site.small_site import SmallSite
from tools import generated
from tools.model import LANGUAGES, ROOT, Project
from tools.template_patches import TEMPLATE_PATCHES, patched


def test_every_page_is_built(site: Path) -> None:
    """Each Markdown page became a page of its language."""
    for page in Project().all_pages():
        assert (site / page.address / "index.html").is_file(), f"{page.name} was not built"


def test_the_comments_of_the_style_sheet_stay_in_its_source(site: Path) -> None:
    """They say why, to whom changes it; a reader would load them with each first view."""
    styles = list(site.glob("**/assets*/site.css"))
    assert len(styles) == len(LANGUAGES)
    assert not [style for style in styles if "/*" in style.read_text("utf-8")]


def test_no_rule_restyles_the_whole_page(site: Path) -> None:
    """Such a rule is computed for every element again as soon as body gets a child, or <html> a class."""
    own, materials = (
        list(site.glob(f"**/assets*/{name}")) for name in ("site.css", "stylesheets/main.*.css")
    )
    assert len(own) == len(materials) == len(LANGUAGES)
    broad = re.compile(r"\b(?:html|body):has\([^{]*|[^{}]*:not\(\[class\]\)[^{]*")
    assert not [found for style in own + materials for found in broad.findall(style.read_text("utf-8"))]


@pytest.mark.parametrize("name", TEMPLATE_PATCHES)
def test_a_patch_that_no_longer_fits_stops_the_build(name: str) -> None:
    """Else a new Material would bring back in silence what the patch cures."""
    with pytest.raises(PluginError, match=f"Material's {name} has changed"):
        patched("another text", name)


def test_what_is_built_holds_together(site: Path) -> None:
    """No broken link or anchor, nothing from another host, the right language on every page."""
    assert not (found := list(built_site.problems(site, "http://127.0.0.1:8000/"))), "\n".join(found)


GOOD = '<html lang="zh"><a href="en/">en</a><a href="#x">x</a><p id="x"><link rel="canonical" href="https://a.b/">'
HTML_GUARDS = {
    "language": ("index.html", 'lang="zh"', 'lang="en"', "<html lang> is en, must be zh"),
    "no page": ("index.html", 'href="en/"', 'href="fr/"', "links to fr/, and there is no such page"),
    "no anchor": ("index.html", 'href="#x"', 'href="#y"', "that page has no such heading"),
    "no far anchor": ("index.html", 'href="en/"', 'href="en/#y"', "that page has no such heading"),
    "script": ("index.html", "<p", '<script src="https://a.b/c.js"></script><p', "from another host"),
    "quotation mark": ("index.html", "<p", '<p title="a "b" c"', "an attribute is called"),
    "style": ("site.css", "", "p{background:url(https://a.b/c.png)}", "from another host"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), HTML_GUARDS.values(), ids=HTML_GUARDS)
def test_refuses_html(file: str, old: str, new: str, message: str, tmp_path: Path) -> None:
    """Each way for a built page to be wrong is named."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en/index.html").write_text('<html lang="en"><a href="..">zh</a>', "utf-8")
    (tmp_path / "index.html").write_text(GOOD, "utf-8")
    assert list(built_site.problems(tmp_path, "http://home/")) == []
    (tmp_path / file).write_text((GOOD.replace(old, new)) if old else new, "utf-8")
    assert message in "\n".join(built_site.problems(tmp_path, "http://home/"))


BUILD_GUARDS = {
    "no such proof": (
        "[✓][tests.aiohttp.test_middleware.test_gone]{ .proof }",
        "tests.aiohttp.test_middleware",
    ),
    "broken figure": ("```figure\nkind: pie\ntitle: x\n```", "a figure needs"),
}


@pytest.mark.parametrize(("text", "message"), BUILD_GUARDS.values(), ids=BUILD_GUARDS)
def test_refuses_to_build(
    text: str,
    message: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A strict build stops at a ✓ without proof and at a figure that cannot be drawn, and names it."""
    monkeypatch.setattr(generated, "pages", lambda language: {})  # they take most of the time
    monkeypatch.setattr(generated, "navigation", lambda language: [])
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text(f"# Home\n\n{text}\n", "utf-8")
    config = load_config(
        str(ROOT / "mkdocs.en.yml"),
        docs_dir=str(tmp_path / "docs"),
        site_dir=str(tmp_path / "site"),
        nav=["index.md"],
        strict=True,
    )
    caplog.set_level(logging.WARNING)
    with pytest.raises((Abort, SuperFencesException)) as stopped:
        build(config)
    assert message in caplog.text + str(stopped.value)


def test_a_draft_has_neither_run_nor_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures for other sites took a third of each save, and nobody shares a draft."""
    small = SmallSite(tmp_path, monkeypatch, pictures=True)
    for is_draft in (False, True):
        monkeypatch.setattr(generated, "DRAFT", is_draft)
        small.build("one")
        assert (small.site / "cards").exists() is not is_draft
        html = (small.site / "page/index.html").read_text("utf-8")
        assert ('property="og:image"' in html) is not is_draft
        assert bool(list(small.site.glob("run-*"))) is not is_draft
