"""Where pictures and models lie, and what counts as a model."""

import os
from pathlib import Path

BASE = Path.cwd()  # ComfyUI: the folder of the program.

# ComfyUI: three variables.
directories = {
    kind: BASE / kind for kind in ("output", "temp", "input")
}


def set_output_directory(directory: Path) -> None:
    """Set an absolute path (folder_paths.py 94–104)."""
    directories["output"] = directory


def set_temp_directory(directory: Path) -> None:
    """Set an absolute path."""
    directories["temp"] = directory


def set_input_directory(directory: Path) -> None:
    """Set an absolute path."""
    directories["input"] = directory


def get_output_directory() -> Path:
    """Return where pictures go to (folder_paths.py 106–116)."""
    return directories["output"]


def get_temp_directory() -> Path:
    """Return where previews go to."""
    return directories["temp"]


def get_input_directory() -> Path:
    """Return where uploads go to."""
    return directories["input"]


def get_directory_by_type(type_name: object) -> Path | None:
    """Return the folder of a type, None if there is no such.

    Source: ComfyUI v0.3.10, folder_paths.py 127–134.
    """
    return next(
        (
            path
            for name, path in directories.items()
            if name == type_name
        ),
        None,
    )


def annotated_filepath(name: str) -> tuple[str, Path | None]:
    """Split `a.png [temp]` into the name and its folder.

    The blank before the bracket is not looked at: one character is
    cut off there, whatever it is.

    Source: ComfyUI v0.3.10, folder_paths.py 161–174.
    """
    for kind, directory in directories.items():
        if name.endswith(f"[{kind}]"):
            return name[: -len(kind) - 3], directory
    return name, None


# --8<-- [start:folder_names_and_paths]
WEIGHTS = {
    ".ckpt",
    ".pt",
    ".pth",
    ".bin",
    ".pkl",
    ".safetensors",
    ".sft",
}
# For each kind of model: its folders and suffixes; no suffix, any file.
folder_names_and_paths: dict[str, tuple[list[Path], set[str]]] = {}
FOLDERS = {
    "text_encoders": ["text_encoders", "clip"],
    "diffusion_models": ["unet", "diffusion_models"],
    "controlnet": ["controlnet", "t2i_adapter"],
}
SUFFIXES: dict[str, set[str]] = {
    "configs": {".yaml"},
    "diffusers": {"folder"},  # which no suffix ever is
    "custom_nodes": set(),
    "classifiers": {""},
}
KINDS = """
    checkpoints configs loras vae text_encoders diffusion_models
    clip_vision style_models embeddings diffusers vae_approx controlnet
    gligen upscale_models custom_nodes hypernetworks photomaker
    classifiers
""".split()  # noqa: SIM905


# --8<-- [end:folder_names_and_paths]
def set_models_directory(models: Path) -> None:
    """Let all kinds of models lie below one folder.

    Source: ComfyUI v0.3.10, folder_paths.py 16–40.
    """
    # ComfyUI: set once; configs and custom_nodes lie beside `models`.
    for kind in KINDS:
        paths = [models / name for name in FOLDERS.get(kind, [kind])]
        suffixes = SUFFIXES.get(kind, WEIGHTS)
        folder_names_and_paths[kind] = paths, suffixes
    filename_list_cache.clear()


def map_legacy(folder_name: str) -> str:
    """Return today's name of a kind.

    Source: ComfyUI v0.3.10, folder_paths.py 83–86.
    """
    old = {"clip": "text_encoders", "unet": "diffusion_models"}
    return old.get(folder_name, folder_name)


def get_folder_paths(folder_name: str) -> list[Path]:
    """Return where the models of a kind lie.

    Raises:
        KeyError: there is no such kind.

    Source: ComfyUI v0.3.10, folder_paths.py 217–219.
    """
    return folder_names_and_paths[map_legacy(folder_name)][0][:]


def get_full_path(folder_name: str, filename: str) -> Path | None:
    """Return where a model is; `..` leads no higher than its folder.

    Source: ComfyUI v0.3.10, folder_paths.py 267–281.
    """
    if map_legacy(folder_name) not in folder_names_and_paths:
        return None
    rooted = os.path.join("/", filename)  # noqa: PTH118 - as a text
    below = os.path.relpath(rooted, "/")
    paths = [path / below for path in get_folder_paths(folder_name)]
    return next(filter(Path.is_file, paths), None)


Listing = tuple[list[str], dict[Path, float]]
filename_list_cache: dict[str, Listing] = {}


def recursive_search(directory: Path) -> Listing:
    """Return the files below, and when each folder changed.

    Source: ComfyUI v0.3.10, folder_paths.py 221–260.
    """
    names, changed = [], {}
    for where, folders, files in os.walk(directory, followlinks=True):
        folders[:] = [name for name in folders if name != ".git"]
        path = Path(where)
        changed[path] = path.stat().st_mtime
        names += [str((path / x).relative_to(directory)) for x in files]
    return names, changed


# --8<-- [start:cached_filename_list_]
def cached_filename_list_(folder_name: str) -> list[str] | None:
    """Return the files that were found last, if no folder changed.

    Raises:
        FileNotFoundError: a folder that was listed is gone.

    Source: ComfyUI v0.3.10, folder_paths.py 304–328.
    """
    if folder_name not in filename_list_cache:
        return None
    names, changed = filename_list_cache[folder_name]
    if any(x.stat().st_mtime != time for x, time in changed.items()):
        return None
    there = filter(Path.is_dir, get_folder_paths(folder_name))
    return names if set(there) <= changed.keys() else None


# --8<-- [end:cached_filename_list_]
def get_filename_list(folder_name: str) -> list[str]:
    """Return the models of a kind, sorted, each name once.

    Raises:
        FileNotFoundError: a folder that was listed is gone.
        KeyError: there is no such kind.

    Source: ComfyUI v0.3.10, folder_paths.py 291–338.
    """
    kind = map_legacy(folder_name)
    # ComfyUI: also once a request, by `cache_helper`.
    if (names := cached_filename_list_(kind)) is not None:
        return list(names)
    paths, suffixes = folder_names_and_paths[kind]
    found, changed = set[str](), dict[Path, float]()
    for files, times in map(recursive_search, paths):
        found |= {
            x
            for x in files
            if not suffixes or Path(x).suffix.lower() in suffixes
        }
        changed |= times
    filename_list_cache[kind] = sorted(found), changed
    return sorted(found)
