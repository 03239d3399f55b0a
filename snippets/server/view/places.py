"""Show which file a query asks for."""

from pathlib import Path

from snippets.recreation.folder_paths import BASE
from snippets.recreation.server import locate_image

# --8<-- [start:main]
QUERIES = (
    {"filename": "a.png [input]", "type": "temp"},
    {"filename": "a.png[input]"},
    {"filename": "a.png", "subfolder": "sub/.."},
)


def main() -> None:
    for query in QUERIES:
        place = locate_image(query)
        assert not isinstance(place, int)  # no refusal
        path = Path(*place).relative_to(BASE)
        print(f"{', '.join(query.values()):20} {path}")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
