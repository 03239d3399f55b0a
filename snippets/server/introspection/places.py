"""Show where models of a kind are looked for, and what counts."""

from pathlib import Path

from snippets.recreation import folder_paths


# --8<-- [start:places]
def main() -> None:
    folder_paths.set_models_directory(Path("models"))
    for kind in ("vae", "unet", "configs", "clip_skip"):
        try:
            folders = folder_paths.get_folder_paths(kind)
            print(kind, *[folder.name for folder in folders], sep=": ")
        except KeyError:
            print(kind, "is no kind of models")


# --8<-- [end:places]
if __name__ == "__main__":
    main()
