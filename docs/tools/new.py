"""Make the files of a new page: `python -m tools.new asyncio/queues`.

The result passes every check but two: its proof is red until written, its pair unconfirmed until read.
"""

import re
import sys
from pathlib import Path

from tools.checks import outputs
from tools.model import LANGUAGES, OUTPUTS, Project, snake_case

PAGE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*")
SNIPPET = '''"""Show … (what one sees when it runs)."""


# --8<-- [start:idea]
def greet(name: str) -> str:
    return f"hello, {name}"


# --8<-- [end:idea]
def main() -> None:
    # --8<-- [start:main]
    print(greet("reader"))
    # --8<-- [end:main]


if __name__ == "__main__":
    main()
'''
PROOF = '''"""Proofs for the page PAGE."""


def test_the_fact_as_a_name() -> None:
    """State the fact in one sentence.

    用一句话说出这件事实。
    """
    raise NotImplementedError("write the proof, then break what it proves once, and see it fail")
'''
MARKDOWN = """---
shape: mechanism
description: {description}
keywords: [{keywords}]
---

# {title} {{ #{id} }}

{lead} [✓][PROOF]{{ .proof }}

{place} ([server.py#imports][])

## {question} {{ #idea }}

```python title="snippets/FOLDER/first_idea.py"
--8<-- "FOLDER/first_idea.py:idea"
```

```python
--8<-- "FOLDER/first_idea.py:main"
```

```text title="{output}"
--8<-- "FOLDER/outputs.txt:first_idea"
```

## {own} {{ #own-code }}

- {advice}
"""
WORDS = {
    "zh": {
        "description": "（至多 160 个字符）",
        "lead": "第一句就是答案。",
        "place": "它在源码的哪里",
        "question": "问题",
        "output": "输出",
        "own": "在你自己的代码里",
        "advice": "该怎么做，因为……",
    },
    "en": {
        "description": "(at most 160 characters)",
        "lead": "The first sentence is the answer.",
        "place": "Where it stands in the source",
        "question": "The question",
        "output": "Output",
        "own": "In your own code",
        "advice": "What to do, because …",
    },
}
NEXT = """
Next:
1. Write {snippet}; `python -m tools.check --write-outputs {page}` writes what it prints. Read it.
2. Write {proof}; break what it proves once.
3. Write both pages; `shape` is mechanism, tour or reference.
4. `python -m tools.check {page}` says what is missing.
5. Read both pages side by side, then `python -m tools.check --confirm {page}`.
"""


def new_page(project: Project, page: str) -> list[Path]:
    """Write the files of a page and its line in `nav`; return them.

    Raises:
        FileExistsError: one of them is there already.
    """
    folder = snake_case(page)
    proof = project.proof_file(page)
    snippet = project.snippet(f"{folder}/first_idea.py")
    files = {snippet: SNIPPET, proof: PROOF.replace("PAGE", page)}
    for language in LANGUAGES:
        files[project.root / f"docs/{language}/{page}.md"] = markdown(page, language)
    if existing := [file for file in files if file.exists()]:
        raise FileExistsError(existing[0].relative_to(project.root).as_posix())
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    outputs.write(project, page)
    return [*files, snippet.with_name(OUTPUTS), add_to_nav(project, page)]


def markdown(page: str, language: str) -> str:
    """Return the text of a page that is still to be written."""
    topic, _, name = page.partition("/")
    title = name.replace("-", " ").capitalize()
    proof = f"tests.{topic}.test_{name}.test_the_fact_as_a_name"
    text = MARKDOWN.format(title=title, id=name, keywords=f"{title}, 关键词", **WORDS[language])
    return text.replace("FOLDER", snake_case(page)).replace("PROOF", snake_case(proof))


def add_to_nav(project: Project, page: str) -> Path:
    """Put the page behind the last one of its topic; a new topic becomes a group behind the other topics."""
    config, topic = project.root / "mkdocs.yml", page.partition("/")[0]
    text = config.read_text("utf-8")
    lines = list(re.finditer(r"^ +- ([\w-]+)/[\w-]+\.md\n", text, re.MULTILINE))
    same = [line for line in lines if line[1] == topic]
    new = f"      - {page}.md\n" if same else f"  - {topic}:\n      - {page}.md\n"
    end = (same or lines)[-1].end()
    config.write_text(text[:end] + new + text[end:], "utf-8")
    return config


def main() -> None:
    """Make the page that the command line names, and say what comes next."""
    if len(sys.argv) != 2 or not PAGE.fullmatch(sys.argv[1]):
        sys.exit("usage: python -m tools.new TOPIC/PAGE, in small letters and -, such as asyncio/queues")
    project, page = Project(), sys.argv[1]
    try:
        made = [file.relative_to(project.root).as_posix() for file in new_page(project, page)]
    except FileExistsError as error:
        sys.exit(f"{error} is there already: choose another name, or delete it")
    print(*made, sep="\n")
    snippet, proof = made[:2]
    print(NEXT.format(page=page, snippet=snippet, proof=proof), end="")


if __name__ == "__main__":
    main()
