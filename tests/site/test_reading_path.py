"""The reading path: each of its pages says its step, and leads to the one before and the one after."""

import re
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page as MkDocsPage

from tools.generated import reading_path
from tools.model import LANGUAGES, ROOT, Page, Project

PATH = [name.removesuffix(".md") for name in load_config(str(ROOT / "mkdocs.yml")).extra["reading_path"]]
STEP = {"zh": "第 {} 步，共 {} 步", "en": "step {} of {}"}


def links(html: str, css_class: str) -> list[str]:
    """Return where the links of the first element with a class lead, as the page writes them."""
    found = re.search(rf'<(p|nav) class="[^"]*{css_class}[^"]*".*?</\1>', html, re.DOTALL)
    return re.findall(r'href="([^"]+)"', found[0]) if found else []


def addresses(page: Page, hrefs: list[str]) -> list[str]:
    """Return links as addresses below the site's."""
    here = Path("/", page.address)
    return [str((here / href.partition("#")[0]).resolve()).strip("/") for href in hrefs]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_of_the_path_says_its_step_and_leads_along(site: Path, language: str) -> None:
    """Above the title stand the step and its neighbours; the links at the end lead along the path too."""
    pages = Project().pages(language)
    along = [pages[name].address.strip("/") for name in PATH]
    assert len(PATH) == len(set(PATH)) == 9
    for number, name in enumerate(PATH):
        html = (site / pages[name].address / "index.html").read_text("utf-8")
        assert STEP[language].format(number + 1, len(PATH)) in html
        start, *beside = addresses(pages[name], links(html, "step"))
        before, after = along[max(number - 1, 0) : number], along[number + 1 : number + 2]
        assert start == along[0]
        assert beside == [*before, *after]
        end = addresses(pages[name], links(html, "md-footer__inner"))
        assert (end[:1] if before else []) + (end[-1:] if after else []) == beside


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_pages_have_no_step(site: Path, language: str) -> None:
    """A page that is not on the path shows none."""
    for name, page in Project().pages(language).items():
        html = (site / page.address / "index.html").read_text("utf-8")
        assert bool(links(html, "step")) == (name in PATH), name


def test_refuses_a_path_that_the_navigation_lacks() -> None:
    """A step that is no page stops the build."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    file = File("a.md", src_dir="", dest_dir="", use_directory_urls=True)
    page = MkDocsPage("a", file, config)
    assert reading_path(["a.md"], [page]) == [page]
    with pytest.raises(PluginError, match=r"names b\.md"):
        reading_path(["a.md", "b.md"], [page])


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_of_a_prompt_has_its_lines_and_its_page(language: str) -> None:
    """Each of the eight steps on server/index links to lines of the source and to a page."""
    steps = next(s for s in Project().pages(language)["server/index"].sections if s.id == "steps")
    items = [line for line in steps.text.splitlines() if re.match(r"\d\. ", line)]
    assert len(items) == 8
    assert all(re.search(r"\.py#[^\]]+\]\[\]", item) and ".md" in item for item in items)
