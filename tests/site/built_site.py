"""The built site as its checks see it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADING = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src")}
NOT_LOADED = {"canonical", "alternate", "prev", "next", "edit"}


@dataclass
class Html(HTMLParser):
    """What the checks ask of one page: its language, ids, links and what it loads."""

    lang: str | None = None
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Initialise the parser as well."""
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        values = {name: value or "" for name, value in attrs}
        self.broken += [name for name in values if not re.fullmatch(r"[\w:.@-]+", name)]
        if tag == "html":
            self.lang = values.get("lang")
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        for name, value in values.items():
            if (tag, name) in LOADING and not NOT_LOADED & set(values.get("rel", "").split()):
                self.loads.append(value)
        self.loads += re.findall(r"url\(['\"]?([^'\")]+)", values.get("style", ""))


def parse(file: Path) -> Html:
    """Read one page."""
    html = Html()
    html.feed(file.read_text("utf-8"))
    return html


def folder(site: Path, name: str) -> Path:
    """Return `run`, `python`, `source` or `assets` of a built site: a sum of the content ends the name."""
    [found] = site.glob(f"{name}-*")
    return found


def problems(site: Path, home: str) -> Iterator[str]:
    """Say which pages have a broken link, load something from elsewhere, or name a wrong language."""
    pages = {file.relative_to(site).as_posix(): parse(file) for file in sorted(site.rglob("*.html"))}
    for name, page in pages.items():
        language = "en" if name.startswith("en/") else "zh"
        if page.lang != language:
            yield f"{name}: <html lang> is {page.lang}, must be {language}"
        for attribute in page.broken:
            yield f"{name}: an attribute is called {attribute}: a quotation mark inside an attribute's value?"
        for address in page.loads:
            if urlsplit(address).netloc and not address.startswith(home):
                yield f"{name}: loads {address} from another host"
        base = "/" + ("en/" if language == "en" else "") if name.endswith("404.html") else f"/{name}"
        for link in page.links:
            yield from link_problems(site, pages, name, base, link)
    for file in sorted(site.rglob("*.css")):
        for address in re.findall(r"(?:url\(|@import )['\"]?(https?://[^'\")]+)", file.read_text("utf-8")):
            yield f"{file.relative_to(site)}: loads {address} from another host"


def link_problems(site: Path, pages: dict[str, Html], name: str, base: str, link: str) -> Iterator[str]:
    """Say what is wrong with one link of one page, if it leads into the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return
    folder = Path(base).parent if not base.endswith("/") else Path(base)
    target = (folder / unquote(parts.path)) if parts.path else Path(base)
    path = site.joinpath(*target.parts[1:]).resolve()
    if not parts.path:
        path = site / name
    elif path.is_dir():
        path /= "index.html"
    if not path.is_file() or not path.is_relative_to(site.resolve()):
        yield f"{name}: links to {link}, and there is no such page"
    elif parts.fragment and path.suffix == ".html":
        ids = pages[path.relative_to(site.resolve()).as_posix()].ids
        if unquote(parts.fragment) not in ids | {"__top"}:
            yield f"{name}: links to {link}, and that page has no such heading"
