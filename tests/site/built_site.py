"""The built site as its checks see it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from posixpath import join, normpath
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
    files = sorted(file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file())
    pages = {name: parse(site / name) for name in files if name.endswith(".html")}
    built = dict.fromkeys(files) | pages
    for name, page in pages.items():
        language = "en" if name.startswith("en/") else "zh"
        if page.lang != language:
            yield f"{name}: <html lang> is {page.lang}, must be {language}"
        for attribute in page.broken:
            yield f"{name}: an attribute is called {attribute}: a quotation mark inside an attribute's value?"
        for address in page.loads:
            if urlsplit(address).netloc and not address.startswith(home):
                yield f"{name}: loads {address} from another host"
        here = name.removesuffix("index.html").removesuffix("404.html")  # a 404's links begin at its home
        for link in page.links:
            if problem := link_problem(built, name, here, link):
                yield f"{name}: links to {link}, and {problem}"
    for name in files:
        if name.endswith(".css"):
            for address in re.findall(
                r"(?:url\(|@import )['\"]?(https?://[^'\")]+)", (site / name).read_text("utf-8")
            ):
                yield f"{name}: loads {address} from another host"


def link_problem(built: dict[str, Html | None], name: str, here: str, link: str) -> str | None:
    """Say what is wrong with one link of one page, if it leads into the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    path = normpath(join("/", here, unquote(parts.path)).removeprefix("/")) if parts.path else name
    path = next((one for one in (path, normpath(f"{path}/index.html")) if one in built), "")
    if not path:
        return "there is no such page"
    page = built[path]
    if parts.fragment and page and unquote(parts.fragment) not in page.ids | {"__top"}:
        return "that page has no such heading"
    return None
