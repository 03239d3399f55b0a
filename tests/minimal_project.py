"""A small project that keeps every contract, for the checks to refuse once one thing in it is broken."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tools.checks.proofs import STATEMENTS
from tools.model import ROOT, Project
from tools.source_map import MAPS

PAGE = """---
description: {description}
keywords: [echo, 回声]
regions: [server.py#cache_control]
---

# {title} {{ #echo }}

{lead} [✓][tests.demo.test_echo.test_echo_returns]{{ .proof }}
[server.py#cache_control][]

```python title="snippets/demo/echo/say.py"
--8<-- "demo/echo/say.py:say"
```

```text
--8<-- "demo/echo/outputs.txt:say"
```

## {traps} {{ #traps }}

`say` {once} 1.

## {today} {{ #today }}

{same}

## {exercise} {{ #exercise }}

{ask}

??? success "{answer}"

    ```python
    --8<-- "demo/echo/say.py"
    ```
"""
CHINESE = PAGE.format(
    description="回声。",
    title="回声（echo）",
    lead="`say` 返回它收到的东西。",
    traps="陷阱",
    once="只说",
    today="今天",
    same="没有变。",
    exercise="练习",
    ask="说两遍。",
    answer="答案",
)
ENGLISH = PAGE.format(
    description="An echo.",
    title="Echo",
    lead="`say` returns what it is given.",
    traps="Traps",
    once="says it",
    today="Today",
    same="The same.",
    exercise="Exercise",
    ask="Say it twice.",
    answer="Answer",
)
NEW_LINE = "\n"
FILES = {
    "docs/zh/demo/echo.md": CHINESE,
    "docs/en/demo/echo.md": ENGLISH,
    "snippets/demo/echo/say.py": '''"""Show an echo."""


# --8<-- [start:say]
def say(word: str) -> str:
    """Return the word."""
    return word


# --8<-- [end:say]
def main() -> None:
    print(say("hello"))


if __name__ == "__main__":
    main()
''',
    "snippets/demo/echo/outputs.txt": "--8<-- [start:say]\nhello\n--8<-- [end:say]\n",
    **{
        f"{MAPS}/{name}.json": (ROOT / MAPS / f"{name}.json").read_text("utf-8")
        for name in ("server", "execution", "main")
    },
    "tests/demo/test_echo.py": f'''"""Proofs for the page demo/echo."""

import pytest


@pytest.mark.statement(
{"".join(f'    "{statement}",{NEW_LINE}' for statement in STATEMENTS)})
def test_echo_returns() -> None:
    """An echo returns its word.

    回声返回原词。
    """
    assert True
''',
}


def write_minimal_project(root: Path) -> Project:
    """Write it to a folder; it passes every check as it is."""
    for name, text in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return Project(root)


Guard = tuple[str, str, str, str]  # a file, a text in it, what replaces it, and a part of the message


def assert_none(problems: Iterable[str]) -> None:
    """Fail with the problems, if there are any; an `assert` would print them twice."""
    if found := list(problems):
        pytest.fail("\n".join(found), pytrace=False)


def assert_refuses(problems: Callable[[Project], Iterable[str]], project: Project, guard: Guard) -> None:
    """Break one thing in a project that passes; the check must name it."""
    file, old, new, message = guard
    assert_none(problems(project))
    replace_text(project, file, old, new)
    assert message in "\n".join(problems(project))


def replace_text(project: Project, name: str, old: str, new: str) -> None:
    """Replace a text in one file of a project; with an empty `old`, write the whole file."""
    file = project.root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    text = file.read_text("utf-8") if file.exists() else ""
    assert old in text, f"{name} does not hold {old!r}"
    file.write_text(text.replace(old, new, 1) if old else new, "utf-8")
