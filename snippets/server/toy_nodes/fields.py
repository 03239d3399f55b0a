"""Show what the largest toy node takes."""

from typing import Any

# --8<-- [start:fields]
Input = tuple[str, dict[str, Any]]
TEXT: Input = "STRING", {}
SIZE: Input = "INT", {"min": 1, "max": 16384}
FLOAT: Input = "FLOAT", {"min": 0.0}
MODEL, CLIP, VAE, LATENT, IMAGE, PHRASE = (
    (kind, dict[str, Any]())
    for kind in [
        "MODEL",
        "CLIP",
        "VAE",
        "LATENT",
        "IMAGE",
        "CONDITIONING",
    ]
)
SAMPLER: dict[str, Input] = {
    **{"model": MODEL, "latent_image": LATENT},
    **{"positive": PHRASE, "negative": PHRASE},
    **{"sampler_name": TEXT, "scheduler": TEXT},
    **{"seed": ("INT", {"min": 0}), "steps": SIZE},
    **{"cfg": FLOAT, "denoise": FLOAT},
}
CANVAS = {"width": SIZE, "height": SIZE, "batch_size": SIZE}


# --8<-- [end:fields]
def main() -> None:
    for name, (kind, limits) in SAMPLER.items():
        print(f"{name:14}{kind:14}", limits or "")


if __name__ == "__main__":
    main()
