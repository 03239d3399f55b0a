"""Show which folder a name in brackets means."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = {"input": 8, "output": 9, "temp": 7}


# --8<-- [start:folders]
@dataclass(frozen=True)
class Folders:
    """Where pictures come from and go to; all paths are absolute.

    Source: ComfyUI v0.3.10, folder_paths.py 103–111 and 136–149.
    """

    input: Path
    output: Path
    temp: Path

    @classmethod
    def below(cls, root: Path) -> "Folders":
        """Make the three folders below another; return them."""
        paths = [root / kind for kind in ("input", "output", "temp")]
        for path in paths:
            path.mkdir(exist_ok=True)
        return cls(*paths)

    def by_type(self, kind: object) -> Path | None:
        """Return the folder of a type, None if there is no such."""
        folders = vars(self).items()
        return next((f for name, f in folders if name == kind), None)

    def annotated(self, name: str) -> tuple[str, Path | None]:
        """Split `a.png [temp]` into the name and its folder.

        The blank before the bracket is not looked at: one
        character is cut off there, whatever it is.
        """
        for kind, length in SUFFIXES.items():
            if name.endswith(f"[{kind}]"):
                return name[:-length], self.by_type(kind)
        return name, None


# --8<-- [end:folders]
def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        folders = Folders.below(Path(root))
        for name in ("a.png", "a.png [temp]", "a.png[input]"):
            bare, folder = folders.annotated(name)
            print(f"{name:14}{bare:8}{folder.name if folder else '-'}")


if __name__ == "__main__":
    main()
