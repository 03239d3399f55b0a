"""A small project that keeps every contract, for the checks to refuse once one thing in it is broken."""

from tools.model import ROOT, Project

PAGE = """---
description: {description}
keywords: [echo, 回声]
regions: [cache_control]
---

# {title} {{ #echo }}

{lead} [✓][tests.demo.test_echo.test_echo_returns]{{ .proof }}
[{lines}][server.py#cache_control]

```python title="snippets/demo/echo.py"
--8<-- "demo/echo.py:say"
```

```text
--8<-- "demo/echo.out"
```

## {traps} {{ #traps }}

`say` {once} 1.

## {today} {{ #today }}

{same}

## {exercise} {{ #exercise }}

{ask}

??? success "{answer}"

    ```python
    --8<-- "demo/echo.py"
    ```
"""
CHINESE = PAGE.format(
    description="回声。",
    title="回声（echo）",
    lead="`say` 返回它收到的东西。",
    lines="61–66 行",
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
    lines="lines 61–66",
    traps="Traps",
    once="says it",
    today="Today",
    same="The same.",
    exercise="Exercise",
    ask="Say it twice.",
    answer="Answer",
)
FILES = {
    "docs/zh/demo/echo.md": CHINESE,
    "docs/en/demo/echo.md": ENGLISH,
    "snippets/demo/echo.py": '''"""Show an echo."""


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
    "snippets/demo/echo.out": "hello\n",
    "snippets/server/comfyui-v0.3.10-server.json": ROOT.joinpath(
        "snippets/server/comfyui-v0.3.10-server.json"
    ).read_text("utf-8"),
    "tests/demo/test_echo.py": '''"""Proofs for the page demo/echo."""

import pytest


@pytest.mark.statement("S1")
def test_echo_returns() -> None:
    """An echo returns its word.

    回声返回原词。
    """
    assert True
''',
}


def break_file(project: Project, name: str, old: str, new: str) -> None:
    """Replace a text in one file of the small project; with an empty `old`, write the whole file."""
    file = project.root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    text = file.read_text("utf-8") if file.exists() else ""
    assert old in text, f"{name} does not hold {old!r}"
    file.write_text(text.replace(old, new, 1) if old else new, "utf-8")
