"""Show where models of a kind are looked for, and what counts."""

from pathlib import Path

from snippets.server.introspection.listing import files_in

# --8<-- [start:places]
KINDS = """
    checkpoints configs loras vae text_encoders diffusion_models
    clip_vision style_models embeddings diffusers vae_approx controlnet
    gligen upscale_models custom_nodes hypernetworks photomaker
    classifiers
""".split()  # noqa: SIM905
OLD = {"clip": "text_encoders", "unet": "diffusion_models"}
FOLDERS = {
    "text_encoders": ["text_encoders", "clip"],
    "diffusion_models": ["unet", "diffusion_models"],
    "controlnet": ["controlnet", "t2i_adapter"],
}
WEIGHTS = {
    *(".ckpt", ".pt", ".pth", ".bin", ".pkl"),
    *(".safetensors", ".sft"),
}
SUFFIXES: dict[str, set[str]] = {
    "configs": {".yaml"},
    "diffusers": {"folder"},  # which no suffix ever is
    "custom_nodes": set(),  # any
    "classifiers": {""},
}


def folders_of(models: Path, kind: str) -> list[Path]:
    """Return where the models of a kind lie; none if unknown.

    Source: ComfyUI v0.3.10, folder_paths.py 16–40 and 83–86.
    """
    kind = OLD.get(kind, kind)
    if kind not in KINDS:
        return []
    return [models / name for name in FOLDERS.get(kind, [kind])]


def models_of(models: Path, kind: str) -> list[str]:
    """Return the models of a kind, sorted, each name once."""
    names = set(files_in(*folders_of(models, kind)))
    if suffixes := SUFFIXES.get(kind, WEIGHTS):
        names = {x for x in names if Path(x).suffix.lower() in suffixes}
    return sorted(names)


# --8<-- [end:places]
def main() -> None:
    for kind in ("vae", "unet", "clip_skip"):
        folders = folders_of(Path("models"), kind)
        print(kind, *[folder.name for folder in folders], sep=": ")


if __name__ == "__main__":
    main()
