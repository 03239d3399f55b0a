"""Show which definitions of a file still hold in a newer one."""

import ast
import hashlib

# --8<-- [start:files]
THEN = """\
def version():
    return "v0.3.10"

def greet(name):
    return "hello " + name

class Server:
    def queue_size(self):
        return 0

    def interrupt(self):
        return True
"""
NOW = THEN.replace('"hello " + name', '(\n        f"hello {name}")')
NOW = NOW.replace("interrupt", "cancel")
# --8<-- [end:files]
DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


# --8<-- [start:compare]
def checksums(source: str) -> dict[str, tuple[int, str]]:
    """Return for each definition its line and its text's SHA-256."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DEFINITION):
            text = ast.get_source_segment(source, node) or ""
            digest = hashlib.sha256(text.encode()).hexdigest()
            found[node.name] = (node.lineno, digest)
    return found


def compare(then: str, now: str) -> dict[str, str]:
    """Return what has become of each definition."""
    old, new = checksums(then), checksums(now)
    states = dict.fromkeys(old, "gone") | dict.fromkeys(new, "new")
    for name in old.keys() & new.keys():
        (line, text), (new_line, new_text) = old[name], new[name]
        held = "same" if line == new_line else "moved"
        states[name] = held if text == new_text else "changed"
    return states


def main() -> None:
    for name, state in compare(THEN, NOW).items():
        print(f"{state:8} {name}")


# --8<-- [end:compare]
if __name__ == "__main__":
    main()
