"""Show whose type wins: the one set before init, or after."""

import mimetypes
import tempfile
from pathlib import Path


# --8<-- [start:guesses]
def guesses(system: Path) -> list[str | None]:
    """Return the type of one ending after each of four steps.

    Args:
        system: a file like /etc/mime.types, read by `init`.
    """
    found = []
    mimetypes.types_map[".note"] = "text/early"
    found.append(mimetypes.guess_type("a.note")[0])
    mimetypes.init([str(system)])
    found.append(mimetypes.guess_type("a.note")[0])
    mimetypes.types_map[".note"] = "text/late"
    found.append(mimetypes.guess_type("a.note")[0])
    mimetypes.init([str(system)])
    found.append(mimetypes.guess_type("a.note")[0])
    return found


# --8<-- [end:guesses]
# --8<-- [start:main]
def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        system = Path(name, "mime.types")
        system.write_text("text/system note\n")
        steps = ("set", "init", "set", "init")
        for step, kind in zip(steps, guesses(system), strict=True):
            print(f"{step:5}{kind}")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
