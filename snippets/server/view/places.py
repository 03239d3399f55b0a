"""Show which names lead to a file, and which are refused."""

from snippets.recreation.folder_paths import BASE
from snippets.recreation.server import locate_image

# --8<-- [start:main]
QUERIES = (
    {"filename": "a.png"},
    {"filename": "a.png [input]", "type": "temp"},
    {"filename": "a..png"},
    {"filename": "a.png", "type": "models"},
    {"filename": "a.png", "subfolder": "../input"},
    {"filename": "a.png", "subfolder": "sub/.."},
)


def main() -> None:
    for query in QUERIES:
        place = locate_image(query)
        if isinstance(place, int):
            shown = str(place)
        else:
            folder, name = place
            shown = str((folder / name).relative_to(BASE))
        print(f"{', '.join(query.values()):25}", shown)


# --8<-- [end:main]
if __name__ == "__main__":
    main()
