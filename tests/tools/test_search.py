"""What the search index is made of: a small page, taken apart."""

import json
from pathlib import Path

from tools import search
from tools.model import Page, Project

ARTICLE = """<p class="facts">3 minutes</p>
<h1 id="echo">回声（<code>echo</code>）<a class="headerlink" href="#echo">&para;</a></h1>
<p>中间件包在处理函数\u2060外面。<a class="proof" href="../../proofs/#tests.demo.test_echo.test_say">✓</a></p>
<table><tr><th>名字</th><th>值</th></tr><tr><td><code>max-age</code></td><td>60</td></tr></table>
<h2 id="more">More &amp; more</h2>
<div class="language-python highlight"><span class="filename">snippets/demo/say.py</span><pre><code>
<span class="k">def</span> say(word): <span class="sd">"Says the word `X_KEY`."</span>
    local = app.router.add_get(word)
</code></pre></div>
<div class="language-text highlight"><pre><code>ValueError: gone</code></pre></div>
<figure><svg><text>drawn</text></svg><figcaption>A caption</figcaption></figure>
"""


def test_a_page_is_taken_apart() -> None:
    """Prose by lines, cells with a dot between, code as code; what is no prose is left out."""
    first, second = search.Reader(ARTICLE).sections
    assert (first.id, first.level, first.title) == ("echo", 1, "回声（`echo`）")
    assert search.tidy(first.text).replace("\u200b", "") == (
        "中间件包在处理函数外面。\n名字 · 值\n`max-age` · 60"
    )
    assert first.proofs == ["tests.demo.test_echo.test_say"]
    assert (second.title, search.tidy(second.text)) == ("More & more", "A caption")
    assert "say(word)" in second.code
    assert "Says the word" in second.quoted


def test_no_blank_stands_beside_chinese_punctuation() -> None:
    """Where a ✓ stood, and where code ends; between Latin sentences it stays."""
    read = search.tidy("可以存。  要问，写 `max-age` 。 F5 呢？ 见下文。 A dot. And more.").replace(
        "\u200b", ""
    )
    assert read == "可以存。要问，写 `max-age`。F5 呢？见下文。A dot. And more."


def test_chinese_is_cut_into_words() -> None:
    """U+200B stands between Chinese words, and nowhere else."""
    assert search.tidy("事件循环 的 event loop") == "事件\u200b循环 的 event loop"


def test_of_code_the_names_are_kept() -> None:
    """What is called, dotted, or written like a name; the other words stand apart, once."""
    sections = search.Reader(ARTICLE).sections
    assert search.names_of(sections) == [[], ["ValueError", "X_KEY", "app.router.add_get", "say", "say.py"]]
    page = Page("en", "demo/echo", Path())
    other = Page("en", "demo/other", Path())
    words = search.other_words({page: sections, other: sections})
    assert {"local", "gone", "says", "drawn"} <= set(words[page])
    assert words[other] == []


def test_a_proof_is_at_home_on_its_own_page() -> None:
    """Of the sections that cite it, the first on its page has its sentence; else the first of all."""
    name, elsewhere = "tests.demo.test_echo.test_say", "tests.demo.test_gone.test_x"
    guest, host = search.Section("a", 1, proofs=[name, elsewhere]), search.Section("b", 1, proofs=[name])
    pages = {Page("en", "demo/a", Path()): [guest], Page("en", "demo/echo", Path()): [host, host]}
    homes = search.proofs_at_home(pages)
    assert homes[name] is host
    assert homes[elsewhere] is guest


def test_other_ways_to_write_chinese_are_known() -> None:
    """Traditional characters and words of Taiwan lead to what the site writes, and nothing else does."""
    pages = [{"text": "缓存\u200b事件\u200b线程\u200b里"}]
    found = search.simplified(pages)
    assert (found["緩"], found["裡"], found["快取"], found["执行绪"]) == ("缓", "里", "缓存", "线程")
    assert "件" not in found


def test_each_page_has_its_subject_and_its_sections(tmp_path: Path) -> None:
    """The index of a built page says where it belongs, in the navigation's words, and where it is served."""
    page = Project().pages("zh")["aiohttp/middleware"]
    [entry] = search.index_of({page: search.Reader(ARTICLE).sections}, "zh")
    assert (entry["path"], entry["where"]) == ("aiohttp/middleware/", "aiohttp")
    assert "中间件" in entry["keywords"]
    assert [section["id"] for section in entry["sections"]] == ["echo", "more"]
    assert json.dumps(entry)
