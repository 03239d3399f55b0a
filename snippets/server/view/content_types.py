"""Show the Content-Type of a file, which goes by its name."""

from snippets.recreation.server import file_headers


# --8<-- [start:main]
def main() -> None:
    for name in ("p.html", "p.js", "p.html.gz", "p.svg"):
        print(f"{name:10}", file_headers(name)["Content-Type"])


# --8<-- [end:main]
if __name__ == "__main__":
    main()
