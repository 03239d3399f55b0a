"""Show what becomes of each region when a file changes."""

import textwrap

from tools.source_map import Part, compare, cut

# --8<-- [start:files]
THEN = """\
import json

def greet(name):
    return "hello " + name

class Server:
    def __init__(self):
        self.sockets = {}

        self.number = 0

        @routes.get("/queue")
        async def get_queue(request):
            return self.number
"""
NOW = THEN.replace("import json", "import json, uuid\n")
NOW = NOW.replace('"hello " + name', 'f"hello {name}"')
NOW = NOW.replace("self.sockets = {}\n\n        ", "")
# --8<-- [end:files]


def entry(part: Part) -> dict[str, object]:
    """Return what the map would say of a region."""
    lines = {"start": part.start, "end": part.end}
    sums = {"code_end": part.end, "sha256": part.sha256(0)}
    return {"id": part.id, **lines, **sums}


def main() -> None:
    known = [entry(part) for part in cut(THEN)]
    findings = list(compare(known, cut(NOW)))
    print(textwrap.dedent("\n".join(map(str, findings))))


if __name__ == "__main__":
    main()
