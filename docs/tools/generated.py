"""The pages, lists and numbers that nobody types: they follow from mkdocs.yml, the pages and the proofs."""

import math
import os
import re
from functools import cache
from textwrap import indent
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from playground.build import runtime_is_there
from playground.proofs import can_run
from tools import versions
from tools.model import ROOT, Page, Project, Proof, Section
from tools.witness import KINDS, kinds_here

HAN_A_MINUTE, WORDS_A_MINUTE = 350, 200  # how fast a technical text is read
# A draft leaves out what takes most of a build: proof pages, reference, search, Run, the pictures that other
# sites show, and the other language.
DRAFT = bool(os.environ.get("DRAFT"))
PROOF_PAGE = {
    "zh": """---
title: "证明：{plain}"
description: "《{plain}》一页的证明：每条是一个 pytest 测试，页上的 ✓ 打开它。"
search: {{exclude: true}}
---

# 证明：{title} {{ #proofs }}

{page}页上的每个 ✓ 打开一条证明，也就是一个 pytest 测试。

每句话下面说明[它是怎样得知的]({up}proofs/index.md)，以及在哪里用到。
""",
    "en": """---
title: "Proofs: {plain}"
description: "The proofs of the page {plain}: each is a pytest test, and a ✓ on that page opens it."
search: {{exclude: true}}
---

# Proofs: {title} {{ #proofs }}

Each ✓ on {page} opens one of these proofs. A proof is a pytest test.

Below each sentence stands [how it is known]({up}proofs/index.md), and where it is claimed.
""",
}
PROOF = """
## {sentence} {{ #{name} }}

{how} · {claims}
{{ .known{runner} }}

??? test "`{test}`, {file}"

    ```python
{code}
    ```
"""
CLAIMED = {"zh": ("用在：", "没有页面用到它"), "en": ("Claimed in: ", "Claimed on no page")}
ABOUT = {"zh": "关于", "en": "About"}
ABOUT_PAGES = ("errata.md", "versions.md", "glossary.md", "contributing.md")
RUN_ON = {
    "zh": "{date} 用 Python {python} 运行：{tests}。",
    "en": "Run on {date} with Python {python}: {tests}.",
}
REFERENCE_PAGE = {
    "zh": """---
description: 重建的 server.py 的公开接口：每个类、方法和函数做什么，接受什么，返回什么，抛出什么。
search: {exclude: true}
---

# 重建的接口 { #reference }

本页列出 `snippets.recreation` 的公开接口；源码在[《server.py 的重建》](server/recreation.md)等页上讲解。

::: snippets.recreation
    options: {show_submodules: true, show_if_no_docstring: true}
""",
    "en": """---
description: The public API of the rebuilt server.py - what each part does, takes, returns and raises.
search: {exclude: true}
---

# The re-creation's API { #reference }

This page lists the public API of `snippets.recreation`.
[server.py, rebuilt](server/recreation.md) and the pages that it names explain the source.

::: snippets.recreation
    options: {show_submodules: true, show_if_no_docstring: true}
""",
}


@cache
def sections() -> dict[str, list[str]]:
    """Return the sections of the navigation in mkdocs.yml, each with the paths of its pages."""
    loader = get_yaml_loader(config=MkDocsConfig())  # knows the tags that mkdocs.yml uses
    nav: list[str | dict[str, list[str]]] = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"), loader)["nav"]
    return {
        title: [path.removesuffix(".md") for path in paths]
        for entry in nav
        if isinstance(entry, dict)
        for title, paths in entry.items()
    }


@cache
def counts() -> dict[str, int]:
    """Return how many notes in each language, snippets and proofs there are, and proofs of each kind."""
    project, kinds = Project(), kinds_here().values()
    return {
        "notes": sum(map(len, sections().values())),
        "snippets": len(project.demonstrations()),
        "proofs": len(project.proofs()),
        **{f"proofs-{kind}": list(kinds).count(kind) for kind in KINDS},
    }


def concepts(language: str) -> list[str]:
    """Return the rows of a table of all concepts; a section named after a source file has its map instead."""
    pages = Project().pages(language)
    head = {"zh": "| 主题 | 页面 |", "en": "| topic | pages |"}[language]
    rows = (
        f"| {title} | {' · '.join(f'[{pages[path].title}]({path}.md)' for path in paths)} |"
        for title, paths in sections().items()
        if not title.endswith(".py")
    )
    return [head, "| --- | --- |", *rows]


@cache
def proof_modules() -> dict[str, dict[str, str]]:
    """Return the modules of proofs by the section and the path of their page, in the navigation's order.

    A module that no page owns comes last in the first section that has its topic.
    """
    modules = {proof.rpartition(".")[0] for proof in Project().proofs()}
    left = {
        module.removeprefix("tests.").replace(".test_", "/").replace("_", "-"): module for module in modules
    }
    owned = {
        title: {path: left.pop(path) for path in paths if path in left} for title, paths in sections().items()
    }
    for title, paths in sections().items():
        topics = {path.partition("/")[0] for path in paths}
        for path in sorted(path for path in left if path.partition("/")[0] in topics):
            owned[title][path] = left.pop(path)
    return owned


def proof_address(name: str) -> str:
    """Return where a proof stands, from the home of a language."""
    module = name.rpartition(".")[0]
    return next(
        f"proofs/{path}.md#{name}"
        for section in proof_modules().values()
        for path, its_module in section.items()
        if its_module == module
    )


def proof_list(language: str) -> list[str]:
    """Return the list of the proof pages, for the page that introduces them."""
    if DRAFT:
        return []
    links = {
        title: [f"[`{path.partition('/')[2]}`]({path}.md)" for path in paths]
        for title, paths in proof_modules().items()
    }
    colon = {"zh": "：", "en": ": "}[language]
    return [f"- {title}{colon}{' · '.join(pages)}" for title, pages in links.items() if pages]


def version_table(language: str) -> list[str]:
    """Say what was run, and return a table of the claims that hold in one aiohttp and not in another."""
    record, proofs = versions.read(), Project().proofs()
    head = [{"zh": "说法", "en": "claim"}[language], *record.versions]
    rows = [head, ["---"] * len(head)]
    for name, outcome in record.differing().items():
        sentence = proofs[name].sentence(language).replace("|", "\\|")
        link = f"[{sentence}]({proof_address(name)})"
        marks = ["✓" if v in outcome.passes else "✗" if v in outcome.fails else "–" for v in record.versions]
        rows.append([sentence if DRAFT else link, *marks])
    tests = " ".join(f"`{name}`" for name in record.tests)
    run = RUN_ON[language].format(date=record.date, python=record.python, tests=tests)
    return [run, "", *(f"| {' | '.join(row)} |" for row in rows)]


def pages(language: str) -> dict[str, str]:
    """Return the text of each page that has no file."""
    if DRAFT:
        return {}
    result = {
        f"proofs/{path}.md": proof_page(path, module, language)
        for section in proof_modules().values()
        for path, module in section.items()
    }
    return {**result, "reference.md": REFERENCE_PAGE[language]}


def proof_page(path: str, module: str, language: str) -> str:
    """Return the page of one module: of each proof its sentence, how it is known, where it is claimed."""
    up = "../" * (path.count("/") + 1)
    title = proof_title(path, language)
    page = f"[{title}]({up}{path}.md)" if path in Project().pages(language) else f"`{path}`"
    head = PROOF_PAGE[language].format(plain=plain(title), title=title, page=page, up=up)
    proofs = [
        PROOF.format(
            sentence=proof.sentence(language),
            name=name,
            how=mark(kinds_here()[name], language) + versions.read().note(name, language),
            claims=claims(name, path, language, up),
            runner=runner(proof, path, language),
            test=name.rpartition(".")[2],
            file="/".join(module.split(".")) + ".py",
            code=indent(proof.code, "    "),
        )
        for name, proof in Project().proofs().items()
        if name.rpartition(".")[0] == module
    ]
    return head + "".join(proofs)


def runner(proof: Proof, path: str, language: str) -> str:
    """Return the attribute that names, from the proof's page, the script that runs it, if a page can."""
    if not (runtime_is_there() and can_run(proof.name, proof.text)):
        return ""
    root = "../" * (path.count("/") + (2 if language == "zh" else 3))
    return f' data-runner="{root}run/run_proof.js"'


def mark(kind: str, language: str) -> str:
    """Return a ✓ as the pages show it, and in words how such a proof is known."""
    return f'<span class="proof {kind}" aria-hidden="true">✓</span> {KINDS[kind][language]}'


def proof_title(path: str, language: str) -> str:
    """Return the title of the page that the proofs are about; some are about a part of the project."""
    page = Project().pages(language).get(path)
    return page.title if page else path


def plain(title: str) -> str:
    """Return a title without code and quotation marks."""
    return re.sub(r'[`"]', "", title)


def claims(proof: str, path: str, language: str, up: str) -> str:
    """Return links to the sentences that cite a proof, those of its own page first."""
    label, none = CLAIMED[language]
    places = sorted(citations(language).get(proof, []), key=lambda place: place[0].path != path)
    links = [
        f"[{page.title}{f' › {section.title}' if section.level > 1 else ''}]({up}{page.path}.md#{anchor})"
        for page, section, anchor in places
    ]
    return label + ("；" if language == "zh" else "; ").join(links) if links else none


@cache
def citations(language: str) -> dict[str, list[tuple[Page, Section, str]]]:
    """Return where each proof is cited: page, section and id; a page's first ✓ has the proof's own id."""
    found: dict[str, list[tuple[Page, Section, str]]] = {}
    for page in Project().pages(language).values():
        seen = set[str]()
        for section in page.sections:
            for proof in dict.fromkeys(section.citations):
                anchor = section.id if proof in seen and section.id else proof
                found.setdefault(proof, []).append((page, section, anchor))
                seen.add(proof)
    return found


def navigation(language: str) -> list[Any]:
    """Return the section that follows those of mkdocs.yml: the pages about the notes, proofs, reference."""
    proofs: list[Any] = (
        []
        if DRAFT
        else [
            {title: [{plain(proof_title(path, language)): f"proofs/{path}.md"} for path in paths]}
            for title, paths in proof_modules().items()
            if paths
        ]
    )
    title = Project().pages(language)["proofs/index"].title
    reference = [] if DRAFT else ["reference.md"]
    return [{ABOUT[language]: [*ABOUT_PAGES, {title: ["proofs/index.md", *proofs]}, *reference]}]


def reading_path(path: list[str], pages: list[MkDocsPage]) -> list[MkDocsPage]:
    """Return the pages of the reading path, which `extra` in mkdocs.yml lists, in order.

    Raises:
        PluginError: the navigation lacks one of them.
    """
    known = {page.file.src_uri: page for page in pages}
    if lost := [name for name in path if name not in known]:
        raise PluginError(f"mkdocs.yml, extra: reading_path names {lost[0]}, and nav does not")
    return [known[name] for name in path]


def facts(page: Page, html: str) -> dict[str, int]:
    """Return the numbers of a page; reading time counts code and output."""
    text = re.sub(r"<[^>]+>", "", html)
    han, words = (
        len(re.findall(r"[\u4e00-\u9fff]", text)),
        len(re.findall(r"[A-Za-z_][\w.']*", text, re.ASCII)),
    )
    includes = {include.partition(":")[0] for section in page.sections for include in section.includes}
    return {
        "minutes": math.ceil(han / HAN_A_MINUTE + words / WORDS_A_MINUTE),
        "snippets": sum(path.endswith(".py") for path in includes),
        "proofs": len({cited for section in page.sections for cited in section.citations}),
    }
