"""What stands under a page's title: how long reading takes, how many snippets and proofs there are."""

import math
import re

from tools.model import Page

HAN_A_MINUTE, WORDS_A_MINUTE = 350, 200  # how fast a technical text is read


def facts(page: Page, html: str) -> dict[str, int]:
    """Return the numbers of a page; reading time counts code and output."""
    text = re.sub(r"<[^>]+>", "", html)
    han, words = (
        len(re.findall(r"[\u4e00-\u9fff]", text)),
        len(re.findall(r"[A-Za-z_][\w.']*", text, re.ASCII)),
    )
    includes = {include.partition(":")[0] for section in page.sections for include in section.includes}
    return {
        "minutes": math.ceil(han / HAN_A_MINUTE + words / WORDS_A_MINUTE),
        "snippets": sum(path.endswith(".py") for path in includes),
        "proofs": len({cited for section in page.sections for cited in section.citations}),
    }
