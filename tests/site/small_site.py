"""A site of two pages and one snippet, built in seconds by the project's own settings."""

from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from playground import build as playground
from tools import card, generated, llms, search
from tools.model import ROOT

HOME = "# Home { #home }\n\n[Next](page.md)\n"
PAGE = """# Page { #page }

```python title="snippets/demo/say.py"
--8<-- "demo/say.py"
```

[Back](index.md)
"""
SNIPPET = '"""Show a word."""\n\n\ndef main() -> None:\n    print("{word}")\n\n\nmain()\n'


class SmallSite:
    """What is built, and where."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, pictures: bool = False) -> None:
        self.monkeypatch = monkeypatch
        self.sources, self.site = folder / "sources", folder / "site"
        playground.runtime_folder()  # kept: by the project's own snippets, not by this one
        monkeypatch.setitem(playground.HOME_FOLDERS, "snippets", self.sources / "snippets")
        monkeypatch.setattr(generated, "pages", lambda language: {})
        monkeypatch.setattr(generated, "navigation", lambda language: [])
        monkeypatch.setattr(search, "write_index", lambda site, language: None)
        monkeypatch.setattr(llms, "write", lambda *_: None)
        if not pictures:  # it draws one for each page of the project
            monkeypatch.setattr(card, "add", lambda site: None)

    def write(self, name: str, text: str) -> None:
        """Write one of its sources."""
        file = self.sources / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def build(self, word: str) -> None:
        """Build the site anew; its snippet prints a word."""
        self.write("docs/index.md", HOME)
        self.write("docs/page.md", PAGE)
        self.write("snippets/demo/say.py", SNIPPET.format(word=word))
        config = load_config(
            str(ROOT / "mkdocs.yml"),
            docs_dir=str(self.sources / "docs"),
            site_dir=str(self.site),
            nav=["index.md", "page.md"],
            strict=False,
        )
        config.mdx_configs["pymdownx.snippets"]["base_path"] = [str(self.sources / "snippets")]
        config.extra["reading_path"] = []
        hooks = config.plugins["docs/tools/hooks.py"]
        self.monkeypatch.setattr(hooks, "build_english", lambda config: None)
        build(config)
