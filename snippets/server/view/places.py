"""Show which names lead to a file, and which are refused."""

from snippets.recreation.folder_paths import BASE
from snippets.recreation.server import locate_image


# --8<-- [start:main]
def main() -> None:
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
        match locate_image(query):
            case folder, name:
                shown = str((folder / name).relative_to(BASE))
            case status:
                shown = str(status)
        print(f"{text:25}", shown)


# --8<-- [end:main]
if __name__ == "__main__":
    main()
