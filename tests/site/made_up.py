"""A made-up server.py, its map, and a site with a page about it: the project must not hold ComfyUI's."""

import json
import shutil
from pathlib import Path

from source import build
from tools.model import ROOT
from tools.source_map import MAPS
from tools.source_map.cut import cut

TEXT = '''\
import json
import os


def greet(name):
    """Greet."""
    greeting = f"hello {name}"
    return greeting


class Server:
    def start(self):
        self.on = True
        self.count = 0

    def stop(self):
        self.on = False

        return self.count

    def note(self, text):
        print("# not a comment", text)  # a comment
'''
MAP = cut(TEXT, "server.py", "nobody/made-up", "v1", "0123456789abcdef")
RAW = "https://raw.githubusercontent.com/nobody/made-up/0123456789abcdef/server.py"
# Two pages speak of the code; the map says what a part of it does.
PAGES = {
    "server/map": "# Map { #map }\n\n| [server.py#greet][] | Say `hello` | [Page](page.md) |\n",
    "server/page": "# Page { #page }\n\n## Part { #part }\n\n[server.py#greet][]\n",
    "server/then-and-now": """# Then and now { #x }

## What has changed { #changed }

| Where it was | What has changed |
| --- | --- |
| [server.py#greet][] | `greet`: moved to `hello.py` ([Page](page.md#part)) |
""",
    "server/other": "---\nregions: [server.py#Server]\n---\n\n# Other `page` { #x }\n\n[server.py#greet][]\n",
}
# The page shows a part of a re-creation, which corresponds to two places.
ORIGINAL = {
    "server.py:welcome": [
        [MAP.address("greet"), 5, 8, ["welcome → greet"]],
        [MAP.address("Server.note"), 20, 21, ["log → Server.note"]],
    ]
}
HTML = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<title>Page</title>
<link rel="stylesheet" href="../assets/site.css">
<script>if (localStorage.source) document.documentElement.classList.add("source-always")</script>
<body><main class="md-main__inner md-typeset"><article><h1>Page</h1>
<p>{paragraph}</p>
<ul><li>{item}</li></ul>
<table><tr><td>{cell}</td><td>x</td></tr></table>
<div class="highlight" data-original="server.py:welcome"><pre><code>def welcome(name):  # ComfyUI: a greeting.
    # ComfyUI: it is returned.
    print(name)
</code></pre></div>
</article></main>
<script{served}>
  const document$ = {{ subscribe: (listener) => listener() }};
  const root = new URL("../", location);
</script>
<script type="module">{script}</script>
"""


def link(region: str) -> str:
    """Return a link to a region as `tools.markdown` writes it."""
    return f'<a class="source" href="{MAP.address(region)}" target="_blank">{MAP.label(region, "en")}</a>'


def write_site(folder: Path, served: bool = False) -> None:
    """Write the scripts and a page in each language, of which the project is made up as well."""
    project = folder / "project"
    (project / MAPS).mkdir(parents=True)
    (project / MAPS / "server.json").write_text(MAP.to_json(), "utf-8")
    later = project / "snippets/server/then_and_now/server.json"
    later.parent.mkdir(parents=True)
    later.write_text('{"tag": "v2"}', "utf-8")
    (project / "tests/server").mkdir(parents=True)
    (project / "tests/server/test_page.py").touch()
    for language in ("zh", "en"):
        for path, text in PAGES.items():
            file = project / f"docs/{language}/{path}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        (folder / language).mkdir()
        (folder / "source" / language).mkdir(parents=True)
        (folder / "source" / language / "original.json").write_text(json.dumps(ORIGINAL), "utf-8")
        html = HTML.format(
            language=language,
            paragraph=f"{link('greet')}, {link('Server.start')}",
            item=link("Server.stop"),
            cell=link("Server.note"),
            served=" data-served" if served else "",
            script=build.script_in_page(language),
        )
        (folder / language / "index.html").write_text(html, "utf-8")
    build.add(folder, project)
    (folder / "assets").mkdir()
    shutil.copy(ROOT / "docs/theme/assets/site.css", folder / "assets")
