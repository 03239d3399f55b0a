"""What the build does at MkDocs' events: each calls what stands elsewhere, and says why it is needed."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pygit2
from jinja2 import Environment
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from playground import build as playground
from playground import exercises
from source import build as source
from tools import card, content_names, generated, llms, model, search, source_picture
from tools.template_patches import PatchTemplates, patch_assets


def on_startup(command: str, **_: object) -> None:
    """Read ComfyUI's files where the site is served to their owner, and refuse to build a site with them."""
    source.start(command)


def on_config(config: MkDocsConfig) -> None:
    """Make what Run needs (once, for both languages); put the generated pages into the navigation."""
    date_by_commit()
    icon = Path(config.theme.dirs[0], config.theme["favicon"])
    config.extra["icon"] = f"data:image/svg+xml,{quote(icon.read_text('utf-8').strip())}"
    config.extra["source_served"] = bool(source.served)
    config.extra["source_script"] = source.script_in_page(config.theme["language"])
    config.extra["run"] = not generated.DRAFT and playground.build_runtime()
    assert config.nav  # for the type check
    config.nav += generated.navigation(config.theme["language"])
    if config.edit_uri:  # MkDocs knows that of the common hosts, with another branch and folder
        config.edit_uri = config.edit_uri.replace("master/docs/", f"main/docs/{config.theme['language']}/")


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the generated pages; in a draft, let each ✓ lead to the page that introduces the proofs."""
    for path, text in generated.pages(config.theme["language"]).items():
        files.append(File.generated(config, path, content=text))
    if generated.DRAFT:
        autorefs: Any = config.plugins["autorefs"]
        for name in model.Project().proofs():
            autorefs.register_url(name, f"{config.site_url}proofs/")


def on_env(env: Environment, **_: object) -> None:
    """Let Material's templates be corrected as they are read."""
    env.add_extension(PatchTemplates)


def on_page_markdown(markdown: str, page: Page, **_: object) -> None:
    """Give the search the keywords, which Material knows as tags; a draft is not searched."""
    page.meta["tags"] = page.meta.get("keywords", [])
    if generated.DRAFT:
        page.meta["search"] = {"exclude": True}


def on_page_content(html: str, page: Page, config: MkDocsConfig, **_: object) -> None:
    """Count for the line above the title, and draw where in the file a page on the source stands."""
    shown = page.file.src_uri.removesuffix(".md") if page.file.abs_src_path else "index"
    if not generated.DRAFT:
        page.meta["card"] = card.address(shown, config.theme["language"])
    if page.file.abs_src_path:  # a generated page has no file, and no such line
        path = page.file.src_uri.removesuffix(".md")
        known = model.Page(config.theme["language"], path, Path(page.file.abs_src_path))
        page.meta["facts"] = generated.facts(known, html)
        page.meta["strip"] = source_picture.strip(path, known.language)


def on_page_context(_: object, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
    """Number a page of the reading path, and let the links at its end lead along that path."""
    path = generated.reading_path(config.extra.get("reading_path", []), nav.pages)
    if page in path:
        step = path.index(page)
        page.meta["step"] = {"number": step + 1, "of": len(path)}
        page.previous_page, page.next_page = (
            path[step - 1] if step else page.previous_page,
            path[step + 1] if page != path[-1] else page.next_page,
        )


def on_post_build(config: MkDocsConfig) -> None:
    """Write the search index; after the Chinese build, add the scripts and build the English site into `en/`.

    The second build is started here since `mkdocs serve` calls one build for one folder, and so serves both.
    """
    site = Path(config.site_dir)
    patch_assets(site)
    style = site / "assets/site.css"
    # Its comments are 1.4 KB of each first view.
    style.write_text(re.sub(r"/\*.*?\*/", "", style.read_text("utf-8"), flags=re.DOTALL), "utf-8")
    if config.extra["run"]:
        search.write_index(site, config.theme["language"])
    if not generated.DRAFT:
        llms.write(site, config.theme["language"], config.site_name, config.site_description or "")
    if config.theme["language"] == "en":
        return
    source.add(site)
    if config.extra["run"]:
        playground.add(site)
        exercises.add(site)
    if not generated.DRAFT:
        card.add(site)
        build_english(config)
    content_names.name_by_content(site)


def on_serve(server: LiveReloadServer, **_: object) -> None:
    """Let the server answer with the files that were read."""
    source.serve(server)


def date_by_commit() -> None:
    """Date the sitemap by the last commit, so that the same sources give the same bytes on any day."""
    if found := pygit2.discover_repository(str(model.ROOT)):
        commit = pygit2.Repository(found).head.peel(pygit2.Commit)
        os.environ.setdefault("SOURCE_DATE_EPOCH", str(commit.commit_time))


def build_english(chinese: MkDocsConfig) -> None:
    """Build the other language by its own configuration, as strictly as this one."""
    config = load_config(
        str(model.ROOT / "mkdocs.en.yml"),
        site_dir=f"{chinese.site_dir}/en",
        site_url=f"{chinese.site_url}en/",
        strict=chinese.strict,
    )
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
