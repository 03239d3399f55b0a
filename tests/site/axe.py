"""What axe finds that shuts readers out."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Code is coloured alike everywhere; one page of each kind is seen with it.
WITHOUT_CODE = {"exclude": [["pre"]]}
DESK: Any = {"width": 1440, "height": 900}
PHONE: Any = {"width": 390, "height": 844}


def violations(page: Page, context: str | dict[str, Any] | None = None) -> list[str]:
    """Say what axe finds on a page as it stands, or in a part of it: the page around was seen without it."""
    scheme, width = page.evaluate("[document.body.dataset.mdColorScheme, innerWidth]")
    found = Axe().run(page, context=context, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{page.url} {scheme} {width}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
