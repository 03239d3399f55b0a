"""Show which paths lie in a folder, going by their text alone."""

from pathlib import Path
from tempfile import TemporaryDirectory

from snippets.recreation.server import is_file, is_inside


# --8<-- [start:link]
def main() -> None:
    with TemporaryDirectory() as root:
        out, other = Path(root, "out"), Path(root, "other")
        (other / "deep").mkdir(parents=True)
        out.mkdir()
        for folder in (other, other / "deep"):
            (folder / "a.txt").touch()
        (out / "link").symlink_to(other / "deep")
        for below in ("sub", "../other", "../out2", "link", "link/.."):
            path = out / below
            inside = is_inside(out, path)
            found = is_file(path / "a.txt")
            print(f"{below:9} inside: {inside!s:6}a.txt: {found}")


# --8<-- [end:link]
if __name__ == "__main__":
    main()
