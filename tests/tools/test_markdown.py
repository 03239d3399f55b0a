"""The Markdown extension, with the extensions that mkdocs.yml puts beside it and without MkDocs."""

import re
from textwrap import indent

import pytest
from markdown import Markdown
from mkdocs_autorefs import AutorefsExtension

from tools import generated
from tools.model import Project
from tools.witness import KINDS, kinds_here

PROOF = "tests.aiohttp.test_middleware.test_the_list_is_frozen_once_the_server_runs"
EXTENSIONS = ["attr_list", "tables", "pymdownx.superfences", "pymdownx.highlight"]


def render(text: str, language: str = "en") -> str:
    """Return the HTML of a page."""
    options = {"tools.markdown": {"language": language}}
    extensions = [*EXTENSIONS, "tools.markdown", AutorefsExtension()]
    return str(Markdown(extensions=extensions, extension_configs=options).convert(text))


@pytest.mark.parametrize(
    ("language", "reference", "text"),
    [
        ("en", "server.py#cache_control", ">lines\u00a061–\u206066</a>"),
        ("zh", "server.py#cache_control", ">61–\u206066\u00a0行</a>"),
        ("en", "server.py#L5", ">line\u00a05</a>"),
        ("en", "execution.py#L612-L636", ">execution.py, lines\u00a0612–\u2060636</a>"),
        ("zh", "execution.py#L612-L636", ">execution.py 612–\u2060636\u00a0行</a>"),
    ],
)
def test_writes_the_lines_of_a_region(language: str, reference: str, text: str) -> None:
    """A reference without text becomes a link to the lines, which says them and any file but server.py."""
    html = render(f"See [{reference}][].", language)
    assert '<a class="source" href="https://github.com/' in html
    assert text in html


def test_leaves_an_unknown_region_alone() -> None:
    """The build then warns of a reference that leads nowhere."""
    assert "<a " not in render("[server.py#gone][]")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_gives_a_citation_its_sentence(language: str) -> None:
    """The ✓ carries the sentence of its proof, in the language of the page."""
    html = render(f"Frozen. [✓][{PROOF}]{{ .proof }}", language)
    sentence = Project().proofs()[PROOF].sentence(language).replace("`", "")
    name = {"zh": "证明：{}{}。", "en": "Proof: {} {}."}[language]
    assert f'aria-label="{name.format(sentence, KINDS[kinds_here()[PROOF]][language])}"' in html


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("A layer may stream it.", "may stream it. "),
        ("A layer streams, MARK and so on.", "streams, "),
        ("里层的程序已经把它发走了。", "经把它发走了。 "),
        ("里层的程序，MARK 已经发走。", "程序，"),
        ("It takes `code`.", ". "),
    ],
)
def test_a_last_line_has_more_than_a_word_and_its_mark(text: str, bound: str) -> None:
    """The ✓ that ends a paragraph takes three words along, or six Han letters; another takes one, or two."""
    mark = f"[✓][{PROOF}]{{ .proof }}"
    written = text.replace("MARK", mark) if "MARK" in text else f"{text} {mark}"
    assert f'<span class="proven">{bound}<autoref' in render(written, "zh")


def test_each_table_scrolls_by_itself() -> None:
    """It has Material's wrapper before a script runs, and a class, so that the script adds no other."""
    table = "| A | B |\n| --- | --- |\n| 1 | 2 |\n"
    html = render(f"{table}\nAnd:\n\n- one\n\n{indent(table, '    ')}", "en")
    wrapper = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
    assert html.count("<table") == html.count(f'{wrapper}<table class="scrolling" role="table">') == 2
    assert html.index("</table>") < html.index("And:")


def test_explains_a_term_once_and_only_in_prose() -> None:
    """The first mention in a sentence, not one in a heading, a table, code or a link."""
    html = render(
        "# Middleware and middleware\n\n| middleware |\n| --- |\n| x |\n\n`middleware` [middleware](x.md)\n\n"
        "A middleware, *middleware*.\n"
    )
    assert html.count("<abbr") == 1
    assert 'middleware</a></p>\n<p>A <abbr tabindex="0" title="' in html


def test_explains_a_term_between_han_characters() -> None:
    """Han words have no edges; a part of another word is no term."""
    assert '<p>这个<abbr tabindex="0" title="' in render("这个中间件在前，那个中间件在后。", "zh")
    assert "<abbr" not in render("手边开着源码。", "zh")
    assert "<abbr" not in render("换一个路由器。", "zh")
    assert "<abbr" not in render("它是协程函数。", "zh")
    assert "<abbr" in render("它是协程。", "zh")
    assert "<abbr" in render("`Host`、来源、`Origin`", "zh")


@pytest.mark.parametrize("header", ["```python", '```python title="x"'])
def test_marks_a_block_that_shows_a_snippet(header: str) -> None:
    """The block carries the snippet's path; one without an include carries none."""
    html = render(f'{header}\n--8<-- "aiohttp/middleware/order.py:order"\n```\n\n```python\nx = 1\n```')
    assert html.count("data-run=") == 1
    assert 'data-run="aiohttp/middleware/order.py"' in html


def test_replaces_nothing_in_code() -> None:
    """What shows how a page is written stays as it is."""
    written = f"[server.py#cache_control][] [✓][{PROOF}]{{ .proof }} {{notes}}"
    html = render(f"`{written}`\n\n```text\n{written}\n\n{{concepts}}\n```")
    assert html.count("[server.py#cache_control][]") == 2
    assert html.count("{notes}") == 2
    assert "title=" not in html
    assert "{concepts}" in html


def test_counts_and_lists() -> None:
    """The home page's numbers and tables follow from the project."""
    html = render("{notes} pages, {snippets} snippets, {proofs} proofs\n\n{concepts}\n")
    counts = generated.counts()
    assert f"{counts['notes']} pages, {counts['snippets']} snippets, {counts['proofs']} proofs" in html
    assert 'href="asyncio/tasks.md"' in html
    assert "server/cors.md" not in html
    assert "server/cors.md" in render("{proof-pages}")


def test_a_file_in_two_blocks_runs_at_its_output() -> None:
    """The block before the output gets the button, an earlier one says below, a later one above."""
    path = "aiohttp/middleware/order"
    block = f'```python\n--8<-- "{path}.py:order"\n```\n\n'
    html = render(
        f'{block}{block}```text title="Output"\n--8<-- "aiohttp/middleware/outputs.txt:order"\n```\n\n{block}'
    )
    marks = re.findall(rf'data-(\w+)="{path}.py"', html)
    assert marks == ["below", "run", "out", "above"]


def test_a_hazard_and_a_route_can_be_tried() -> None:
    """Their rows get a link if the console has that request; other rows do not, numbered or not."""
    rows = (
        "| 1. do | x |\n| 2. no hazard | x |\n| 6. do | x |\n| `/queue` | GET | x |\n| `/none` | GET | x |\n"
    )
    told = "**1. A list.**{ #h1 }\n\n**6. A client.**{ #h6 }"
    html = render(f"| a | b | c |\n| --- | --- | --- |\n{rows}\n{told}")
    assert re.findall(r'href="(\.[^"]+)"', html) == [
        "../try-it/?preset=hazard-1",
        "../try-it/?preset=GET%20/queue",
        "../try-it/?preset=hazard-1",
    ]


def test_a_hazards_number_is_its_address() -> None:
    """Below the table, in its bold words; the request that shows it is a click away."""
    html = render("**1. A list** no\n\n**1. A list.**{ #h1 } It ends.\n\n**6. A client**{ #h6 } waits.", "en")
    assert (
        '<strong id="h1"><a href="#h1" title="Link to this hazard">1</a>. A list.</strong> It ends. <a'
        in html
    )
    assert re.findall(r'href="([^"]+)"', html) == ["#h1", "../try-it/?preset=hazard-1", "#h6"]


def test_short_code_stays_with_the_mark_behind_it() -> None:
    """In a narrow cell the ✓ would stand alone on a line; long code may break before it."""
    mark = f"[✓][{PROOF}]{{ .proof }}"
    for before in ("", "400, "):
        html = render(f"{before}`prompt_no_outputs` {mark} or", "en")
        assert f'{before}<span class="proven"><code>prompt_no_outputs</code>\u00a0<autoref' in html
    html = render(f"[`AppRunner`](#x) {mark}", "zh")
    assert '<p><span class="proven"><a href="#x"><code>AppRunner</code></a>\u2060<autoref' in html
    assert '</code><span class="proven">\u2060<autoref' in render(f"`{'x' * 21}`{mark}", "zh")


def test_a_blank_between_bold_text_and_a_citation_is_kept() -> None:
    """English text has one, which ends no line; after a Chinese full stop there is none."""
    cited = f"[✓][{PROOF}]{{ .proof }}"
    assert '</strong><span class="proven">\u00a0<' in render(f"**It holds.** {cited}", "en")
    assert '</strong><span class="proven">\u2060<' in render(f"**成立。** {cited}", "zh")
    assert '</strong><span class="proven">\u2060<' in render(f"**It holds**{cited}", "en")
