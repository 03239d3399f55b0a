"""What Zensical leaves out is named, with its page."""

from pathlib import Path

import pytest

from tools.zensical import COMPARED, differences

PAGE = """<a class="proof" href="#x" title="A sentence.">✓</a> <a href="https://a.b/c.py#L1-L2">lines 1–2</a>
<figure class="figure"></figure> <div data-run="a/b/c.py"></div> <abbr title="A term.">term</abbr>
<h3 class="doc" id="tests.a.test_b.test_c">"""
BROKEN = {
    "✓ with its sentence": ' title="A sentence."',
    "permalinks": "#L1-L2",
    "figures": "<figure ",
    "Run marks": "data-run",
    "terms": "<abbr ",
    "proofs": ".test_c",
}


@pytest.mark.parametrize("kind", COMPARED)
def test_names_what_is_missing(kind: str, tmp_path: Path) -> None:
    """Each kind that a page has less of is named, and nothing else."""
    sites = tmp_path / "mkdocs", tmp_path / "zensical"
    for site, text in zip(sites, (PAGE, PAGE.replace(BROKEN[kind], "")), strict=True):
        site.mkdir()
        (site / "index.html").write_text(text, "utf-8")
    assert differences(*sites)[0] == [f"index.html: 0 of 1 {kind}"]
    assert differences(sites[0], sites[0])[0] == []


def test_names_a_missing_page(tmp_path: Path) -> None:
    """A page that one of them did not build is named."""
    (tmp_path / "mkdocs").mkdir()
    (tmp_path / "mkdocs/index.html").write_text(PAGE, "utf-8")
    assert differences(tmp_path / "mkdocs", tmp_path / "zensical")[0] == ["missing: index.html"]
