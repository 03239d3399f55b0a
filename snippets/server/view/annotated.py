"""Show which folder a type in brackets behind a name means."""

from snippets.recreation.folder_paths import annotated_filepath


# --8<-- [start:main]
def main() -> None:
    for name in ("a.png", "a.png [temp]", "a.png[input]"):
        bare, folder = annotated_filepath(name)
        print(f"{name:14}{bare:8}{folder.name if folder else '-'}")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
