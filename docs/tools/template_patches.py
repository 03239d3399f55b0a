"""Correct what breaks a rule in Material's templates and styles that have no block or partial to override."""

import re
from pathlib import Path

from jinja2.ext import Extension
from mkdocs.exceptions import PluginError

# For each file: a regular expression, what stands instead of it, and the rule.
TEMPLATE_PATCHES = {
    "base.html": [
        # At most ten requests a view: the palettes' colours stand in site.css.
        (r'<link rel="stylesheet" href="\{\{ .assets/stylesheets/palette\.\w+\.min\.css. \| url \}\}">', ""),
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


def patch_style(site: Path) -> None:
    """Correct Material's style sheet in a built site."""
    for sheet in site.glob("assets/stylesheets/main.*.css"):
        sheet.write_text(patched(sheet.read_text("utf-8"), "main.css"), "utf-8")


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
