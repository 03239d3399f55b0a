"""What the build adds to MkDocs, each function for the reason in its first line."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from playground import build as playground
from pygments.filter import Filter
from pygments.token import Comment, Keyword, Literal, Name, Operator, Text
from tinycss2 import parse_rule_list, parse_stylesheet, serialize

from tools import figures
from tools.model import CITATION, FENCE, INCLUDE, Project

ROOT = Path(__file__).parents[2]
# What in Material's templates breaks HTML, leaves a landmark without a name of its own or loads what is not
# needed: a regular expression over the template, and its cure.
CURES = {
    "base.html": [
        (r'<link rel="stylesheet" href="\{\{ .assets/stylesheets/palette\.\w+\.min\.css. \| url \}\}">', ""),
        (r"<script src=(?=\"\{\{ 'assets/javascripts/bundle)", "<script defer src="),
        ('id="__drawer" autocomplete="off"', 'id="__drawer"'),
        ('id="__search" autocomplete="off"', 'id="__search"'),
    ],
    "partials/search.html": [('role="dialog"', """role="dialog" aria-label="{{ lang.t('search') }}\"""")],
    "partials/toc-item.html": [
        (
            r'<nav class="md-nav" aria-label="\{\{ toc_item.title \| striptags \| e \}\}">',
            '<div class="md-nav">',
        ),
        ("</nav>", "</div>"),
    ],
    "partials/toc.html": [('for="__toc"', """{{ 'for="__toc"' if not page.is_index }}""")],
    "partials/nav-item.html": [
        (r'tabindex="\{\{ tabindex \}\}"', """{{ 'tabindex="0"' if tabindex }}"""),
        (
            r'aria-labelledby="\{\{ path \}\}_label"',
            'aria-label="{{ render_title(nav_item) | striptags | trim }}"',
        ),
    ],
}
TERM = re.compile(r"^\| ([^|]+) \| [^|]+ \| (.+) \|$", re.MULTILINE)  # a row of the glossary
# Where a term is not explained: fences, headings, tables, code, links, tags and attributes.
NO_TERM = re.compile(
    r"^ *(```).*?^ *\1$|^(?:#|:::).*?$|^\|.*?$|`[^`\n]+`|\[[^\]]*\][\[(][^\])]*[\])]|<[^>]*>|\{[^}]*\}",
    re.S | re.M,
)
HAN_A_MINUTE, WORDS_A_MINUTE = 350, 200  # how fast a technical text is read


class FewerColours(Filter):  # type: ignore[misc]  # Pygments ships no types
    """Leave ordinary names, marks and blanks without a colour: half of the elements on a page with code."""

    COLOURED = (
        Comment,
        Keyword,
        Literal,
        Name.Builtin,
        Name.Class,
        Name.Decorator,
        Name.Function,
        Operator.Word,
    )

    def filter(self, lexer: object, stream: Iterable[Any]) -> Iterator[Any]:
        """Call everything text that has no colour of its own."""
        for kind, value in stream:
            yield kind if any(kind in one for one in self.COLOURED) else Text, value


def on_config(config: MkDocsConfig) -> None:
    """Draw `figure` fences, and count what the home page promises."""
    # The Chinese build makes what Run needs; the English one, built last, shares it.
    config.extra["run"] = playground.runtime_is_there() if is_english(config) else playground.build_runtime()
    project = Project()
    fence = {"name": "figure", "class": "figure", "format": figures.fence}
    config.mdx_configs["pymdownx.superfences"] = {"custom_fences": [fence]}
    python = {"name": "python", "lang": "python", "options": {"filters": [FewerColours()]}}
    config.mdx_configs["pymdownx.highlight"]["extend_pygments_lang"] = [python]
    config.extra_css.remove("assets/_mkdocstrings.css")  # mostly for symbols that are not shown here
    config.extra["proofs"] = project.proofs()
    config.extra["counts"] = {
        "pages": len(project.pages("en")),
        "snippets": len(project.files("*.py")),
        "proofs": len(project.proofs()),
    }
    glossary = project.pages(config.theme["language"])["glossary"].source
    config.extra["terms"] = dict(TERM.findall(glossary)[2:])
    source = project.source_map
    address = "https://github.com/{repo}/blob/{commit}/{path}".format_map(source)
    # So that a page writes [lines 61–66][server.py#cache_control], and no page types an address.
    config.extra["permalinks"] = "\n".join(
        f"[server.py#{r['id']}]: {address}#L{r['start']}-L{r['code_end']}" for r in source["regions"]
    )


def is_english(config: MkDocsConfig) -> bool:
    """Tell which of the two builds this is."""
    return bool(config.theme["language"] == "en")


def with_run(fence: re.Match[str], language: str) -> str:
    """Tell a block of code which snippet it shows, for `docs/playground/browser/run.js`."""
    indent, marks, kind, options, body = fence.groups()
    include = INCLUDE.search(body)
    if kind != "python" or not include:
        return fence[0]
    attributes = f".python{options} {playground.mark(include[1], language)}"
    return f"{indent}{marks}{{ {attributes} }}\n{body}{indent}{marks}"


def hover_text(sentence: str) -> str:
    """Return a sentence as an attribute's value, with nothing in it that Markdown takes for markup."""
    plain = escape(sentence.replace("`", "").replace('"', "'"), quote=False)  # autorefs would lose &quot;
    return re.sub(r"[*_{}\[\]]", lambda match: f"&#{ord(match[0])};", plain)


def with_terms(markdown: str, terms: dict[str, str]) -> str:
    """Give each term of the glossary its sentence as hover text, where it first appears on a page."""
    for term in sorted(terms, key=len, reverse=True):
        hidden = NO_TERM.sub(lambda match: " " * len(match[0]), markdown)
        edge = r"\b" if term.isascii() else ""  # Han words have no edges
        if found := re.search(f"{edge}{re.escape(term)}{edge}", hidden):
            abbr = f'<abbr title="{hover_text(terms[term])}">{found[0]}</abbr>'
            markdown = markdown[: found.start()] + abbr + markdown[found.end() :]
    return markdown


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Define the permalinks, give each ✓ its proof's sentence as hover text, and the search its keywords."""

    def with_sentence(cited: re.Match[str]) -> str:
        proof = config.extra["proofs"].get(cited[1])
        title = hover_text(proof.sentence(config.theme["language"])) if proof else ""
        return f'[✓][{cited[1]}]{{ .proof title="{title}" }}'

    if page.is_homepage:
        for name, number in config.extra["counts"].items():
            markdown = markdown.replace(f"{{{name}}}", str(number))
    page.meta["tags"] = page.meta.get("keywords", [])
    prose = FENCE.sub("", markdown)
    han = len(re.findall(r"[\u4e00-\u9fff]", prose))
    minutes = han / HAN_A_MINUTE + len(re.findall(r"[A-Za-z']+", CITATION.sub("", prose))) / WORDS_A_MINUTE
    page.meta["facts"] = {
        "minutes": math.ceil(minutes),
        "snippets": len({path for path, _ in INCLUDE.findall(markdown) if path.endswith(".py")}),
        "proofs": len(set(CITATION.findall(markdown))),
    }
    if page.file.src_uri != "glossary.md":
        markdown = with_terms(markdown, config.extra["terms"])
    parts, at = [], 0
    for fence in FENCE.finditer(markdown):  # a fence may show how a ✓ is written
        shown = with_run(fence, config.theme["language"]) if config.extra["run"] else fence[0]
        parts += [CITATION.sub(with_sentence, markdown[at : fence.start()]), shown]
        at = fence.end()
    parts += [CITATION.sub(with_sentence, markdown[at:]), "\n\n", config.extra["permalinks"]]
    return "".join(parts)


class Cure(Extension):
    """Correct a template of Material before it is compiled, rather than every page after it is made."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Apply the cures of one template; a cure that no longer fits stops the build."""
        for old, new in CURES.get(name or "", []):
            source, count = re.subn(old, new, source)
            if not count:
                raise PluginError(
                    f"Material's {name} has changed: {old} is gone; see CURES in tools/hooks.py"
                )
        return source


def on_env(env: Environment, **_: object) -> None:
    """Let the templates be corrected as they are read, and leave out the blanks around their tags."""
    env.add_extension(Cure)
    env.trim_blocks = env.lstrip_blocks = True


def on_page_context(context: dict[str, Any], nav: Navigation, **_: object) -> None:
    """Call a section what its index page says (`section:`), so that one nav serves both languages."""
    for section in nav.items:
        first = section.children[0] if section.children else None
        if isinstance(first, Page):
            section.title = first.meta.get("section", section.title)


def words_by_place(entries: list[dict[str, Any]]) -> dict[str, str]:
    """Turn the sections' texts inside out: each word once a page, with the section that has it most often.

    So the index of a whole language stays below 40 KB. A lone letter goes, and a word of half of the pages,
    which tells none of them apart; one that a page repeats stands there up to three times. `workers/query.js`
    turns it back.
    """
    pages: dict[str, list[tuple[int, Counter[str]]]] = {}
    for number, entry in enumerate(entries):
        text = re.sub(r"<pre>.*?</pre>|<[^>]+>", " ", entry.pop("text"), flags=re.DOTALL).lower()
        sections = pages.setdefault(entry["location"].partition("#")[0], [])
        sections.append((number, Counter(re.findall(r"[^\W_]{2,}|[^\W_a-z0-9]", text))))
    places: dict[str, list[int]] = {}
    for sections in pages.values():
        for word, times in sum((words for _, words in sections), Counter[str]()).items():
            most = max(sections, key=lambda section: section[1][word])[0]
            places.setdefault(word, []).extend([most] * min(1 + times // 4, 3))
    telling = sorted(word for word in places if len(set(places[word])) <= len(pages) / 2)
    steps = ([b - a for a, b in pairwise([0, *sorted(places[word])])] for word in telling)
    return {"words": " ".join(telling), "steps": " ".join(",".join(map(str, step)) for step in steps)}


def used_rules(rules: list[Any], used: set[str]) -> str:
    """Return the rules of a style sheet that have a selector whose classes are all used."""
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = re.split(r",(?![^(]*\))", serialize(rule.prelude))
            classes = (re.findall(r"\.([\w-]+)", re.sub(r":not\([^)]*\)", "", one)) for one in selectors)
            if not any(used.issuperset(names) for names in classes):
                continue
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = used_rules(parse_rule_list(rule.content), used)
            kept.append(f"@{rule.at_keyword}{serialize(rule.prelude)}{{{inner}}}")
            continue
        kept.append(rule.serialize())
    return "".join(kept)


def drop_unused_styles(site: Path) -> None:
    """Keep of Material's style sheet what pages and scripts name: a quarter goes, 5 of a page's 80 KB."""
    pages = "".join(file.read_text("utf-8") for file in site.rglob("*.html"))
    scripts = [*site.glob("assets/javascripts/bundle.*.js"), *(ROOT / "docs/playground/browser").glob("*.js")]
    used = {name for names in re.findall(r'class="?([^">]+)', pages) for name in names.split()}
    used.update(*(re.findall(r"[\w-]+", file.read_text("utf-8")) for file in scripts))
    for sheet in site.glob("assets/stylesheets/main.*.css"):
        sheet.write_text(used_rules(parse_stylesheet(sheet.read_text("utf-8")), used), "utf-8")


def on_post_build(config: MkDocsConfig) -> None:
    """Make the site lighter to read and to search, add Run, then build the English site into `en/`."""
    drop_unused_styles(Path(config.site_dir))
    index = Path(config.site_dir, "search/search_index.json")
    search = json.loads(index.read_text("utf-8"))
    docs = search.pop("docs")
    slim = {"docs": docs, **words_by_place(docs)}
    for entry in docs:
        if "#" in entry["location"]:
            entry.pop("tags", None)  # the page's first entry has them
    dense = json.dumps(slim, ensure_ascii=False, separators=(",", ":"))
    index.with_name("docs.json").write_text(dense, "utf-8")
    index.write_text(json.dumps({**search, "docs": []}), "utf-8")
    if not is_english(config):
        if config.extra["run"]:
            playground.add(Path(config.site_dir))
        english = load_config(
            str(ROOT / "mkdocs.en.yml"),
            site_dir=f"{config.site_dir}/en",
            site_url=f"{config.site_url}en/",
            strict=config.strict,
        )
        english.plugins.on_startup(command="build", dirty=False)
        build(english)
