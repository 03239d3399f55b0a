"""Correct what breaks a rule in Material's templates, styles and script that have no block to override."""

import re
from pathlib import Path

from jinja2.ext import Extension
from mkdocs.exceptions import PluginError

# For each file: a regular expression, what stands instead of it, and the rule.
TEMPLATE_PATCHES = {
    "base.html": [
        # At most ten requests a view: the palettes' colours stand in site.css.
        (r'<link rel="stylesheet" href="\{\{ .assets/stylesheets/palette\.\w+\.min\.css. \| url \}\}">', ""),
        # And one fewer: the icon, of 170 bytes, stands in the page (docs/tools/hooks.py).
        (r"\{\{ config\.theme\.favicon \| url \}\}", "{{ config.extra.icon }}"),
        # The search is ours, where it could be built (docs/tools/search.py).
        (
            r'("assets/javascripts/workers/search\.\w+\.min\.js")',
            r'("assets/javascripts/workers/search.js" if config.extra.run else \1)',
        ),
        # WCAG 2.4.4: Material's Chinese words say “jump to”, and not where.
        (
            r'lang\.t\("action\.skip"\)',
            '("跳到正文" if config.theme.language == "zh" else lang.t("action.skip"))',
        ),
        # HTML: `autocomplete` does not apply to a checkbox.
        ('(type="checkbox" id="__(?:drawer|search)") autocomplete="off"', r"\1"),
    ],
    "partials/search.html": [
        # axe aria-dialog-name: a dialog has an accessible name.
        ('role="dialog"', """role="dialog" aria-label="{{ lang.t('search') }}\""""),
    ],
    "partials/nav-item.html": [
        # HTML: `tabindex` is an integer, not empty.
        (r'tabindex="\{\{ tabindex \}\}"', """{{ 'tabindex="0"' if tabindex }}"""),
        # axe landmark-unique: the label that Material names holds an icon only, or is not there.
        (
            r'aria-labelledby="\{\{ path \}\}_label"',
            'aria-label="{{ render_title(nav_item) | striptags | trim }}"',
        ),
    ],
    "partials/javascripts/palette.html": [
        # A first visit in the dark too has its colours before the page is drawn, and is not styled twice.
        (
            r'__md_get\("__palette"\)',
            r'\g<0>||{color:{media:"(prefers-color-scheme)"}}',
        ),
        # As soon as the scheme is known; the element stands in main.html.
        (
            "</script>",
            ";document.querySelector('meta[name=color-scheme]').content="
            "getComputedStyle(document.body).colorScheme</script>",
        ),
    ],
    "bundle.js": [
        # To add or set this element restyles the whole page, also to the same value.
        (
            r'(\w+)=\w+\("meta",\{name:"color-scheme"\}\);document\.head\.appendChild\(\1\)',
            r'\1=document.querySelector("meta[name=color-scheme]")',
        ),
        (r"return (\w+\.content)=(\w+\.colorScheme),", r"return \1===\2||(\1=\2),"),
        # To make a style sheet's address absolute reads it again, and lays the page out again; it is only
        # needed to compare two pages' sheets, and a sheet knows its address.
        (r'"\[href\], \[src\]"', '"[href]:not([rel=stylesheet]), [src]"'),
        (
            r"(\w+)\.set\((\w+)\.outerHTML,\2\)",
            r'\1.set(\2.rel==="stylesheet"?(\2.sheet||\2).href:\2.outerHTML,\2)',
        ),
    ],
    "main.css": [
        # With `[class]` in it, an element that gets or loses a class is restyled with all its content;
        # `<html>` changes three times while a page loads.
        (r"table:not\(\[class\]\)", "table:not(.highlighttable)"),
        # Content in tabs is not used here: an eighth of the sheet, and restyled when the class `no-js` goes.
        (r"(?<=[{}])(?!\.md-typeset \.grid>)[^{}]*\.tabbed[^{}]*\{[^{}]*\}", ""),
    ],
}


class PatchTemplates(Extension):
    """Correct a template before it is compiled."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Apply the patches of one template."""
        return patched(source, name or "")


def patch_assets(site: Path) -> None:
    """Correct Material's style sheet and script in a built site."""
    for pattern, name in (("stylesheets/main.*.css", "main.css"), ("javascripts/bundle.*.js", "bundle.js")):
        for file in site.glob(f"assets/{pattern}"):
            file.write_text(patched(file.read_text("utf-8"), name), "utf-8")


def patched(source: str, name: str) -> str:
    """Apply the patches of one file; one that no longer fits stops the build."""
    for old, new in TEMPLATE_PATCHES.get(name, []):
        source, count = re.subn(old, new, source)
        if not count:
            raise PluginError(
                f"Material's {name} has changed: {old} is gone. "
                "See TEMPLATE_PATCHES in docs/tools/template_patches.py: adapt or remove the patch."
            )
    return source
