"""Show which names lead to a file, and which are refused."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from snippets.server.application.folders import Folders
from snippets.server.view.inside import inside


# --8<-- [start:locate]
def locate(
    folders: Folders, query: Mapping[str, str]
) -> tuple[Path, str] | int:
    """Find the folder and the name that a query means.

    Returns:
        Folder and name, whether there is such a file or not; or the
        status with which the query is refused.

    Raises:
        IndexError: the name is empty.

    Source: ComfyUI v0.3.10, server.py 382–398.
    """
    name, folder = folders.annotated(query["filename"])
    if name[0] == "/" or ".." in name:
        return 400
    folder = folder or folders.by_type(query.get("type", "output"))
    if folder is None:
        return 400
    below = folder / query.get("subfolder", "")
    return (below, name) if inside(folder, below) else 403


# --8<-- [end:locate]
def main() -> None:
    with TemporaryDirectory() as root:
        folders = Folders.below(Path(root))
        for text in (
            "a.png",
            "a.png [input], temp",
            "a..png",
            "a.png, models",
            "a.png, output, ../input",
            "a.png, output, sub/..",
        ):
            words = ("filename", "type", "subfolder")
            query = dict(zip(words, text.split(", "), strict=False))
            match locate(folders, query):
                case folder, name:
                    shown = str((folder / name).relative_to(root))
                case status:
                    shown = str(status)
            print(f"{text:25}", shown)


if __name__ == "__main__":
    main()
