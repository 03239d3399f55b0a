"""Make the search index small: `docs/theme/assets/javascripts/workers` reads it."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any


def shrink_index(site: Path) -> None:
    """Write `search/docs.json` from MkDocs' index, and empty that one: Material would fetch it."""
    index = site / "search/search_index.json"
    search = json.loads(index.read_text("utf-8"))
    docs = search["docs"]
    inverted = inverted_index(docs)
    for entry in docs:
        if "#" in entry["location"]:
            entry.pop("tags", None)  # the page's first entry has them
    dense = json.dumps({"docs": docs, **inverted}, ensure_ascii=False, separators=(",", ":"))
    index.with_name("docs.json").write_text(dense, "utf-8")
    index.write_text(json.dumps({**search, "docs": []}), "utf-8")


def inverted_index(entries: list[dict[str, Any]]) -> dict[str, str]:
    """Take the sections' texts out of the entries; return each word once a page, with its main section.

    A lone letter is left out, and a word of half of the pages, which tells none of them apart; one that a
    page repeats stands there up to three times. `workers/query.js` reads it.
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
