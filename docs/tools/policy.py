"""Print for nginx the strictest content security policy of a built site: python -m tools.policy site.

Of scripts that stand in the pages it lets only those run that the site was built with, by their sums.
"""

import base64
import hashlib
import re
import sys
from pathlib import Path

INLINE = re.compile(r"<script(?![^>]*(?: src=|application/json))[^>]*>(.*?)</script>", re.DOTALL)
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {sums}; img-src 'self' data:; "
    "connect-src 'self' https://raw.githubusercontent.com; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def policy(site: Path) -> str:
    """Return the policy: Run needs `wasm-unsafe-eval`, the source beside the note GitHub's raw host."""
    scripts = {script for page in site.rglob("*.html") for script in INLINE.findall(page.read_text("utf-8"))}
    sums = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return POLICY.format(sums=" ".join(sorted(f"'sha256-{one}'" for one in sums)))


if __name__ == "__main__":
    print(f'add_header Content-Security-Policy "{policy(Path(sys.argv[1]))}";')
