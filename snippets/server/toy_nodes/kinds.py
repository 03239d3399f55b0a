"""Show the toy nodes, under the names of real ones."""

from snippets.server.toy_nodes import nodes
from snippets.server.toy_nodes.fields import (
    CANVAS,
    CLIP,
    IMAGE,
    LATENT,
    SAMPLER,
    TEXT,
    VAE,
)
from snippets.server.toy_nodes.nodes import Node

# --8<-- [start:kinds]
KINDS: dict[str, Node] = {
    "CheckpointLoaderSimple": Node(
        lambda run, ckpt_name: ["model", "clip", "vae"],
        {"ckpt_name": TEXT},
        ("MODEL", "CLIP", "VAE"),
    ),
    "CLIPTextEncode": Node(
        lambda run, text, clip: [text],
        {"text": TEXT, "clip": CLIP},
        ("CONDITIONING",),
    ),
    "EmptyLatentImage": Node(
        lambda run, **_: [None], CANVAS, ("LATENT",)
    ),
    "KSampler": Node(nodes.sample, SAMPLER, ("LATENT",)),
    "VAEDecode": Node(
        lambda run, samples, vae: [samples],
        {"samples": LATENT, "vae": VAE},
        ("IMAGE",),
    ),
    "SaveImage": Node(
        nodes.save, {"images": IMAGE, "filename_prefix": TEXT}
    ),
    "SaveImageWebsocket": Node(nodes.show, {"images": IMAGE}),
    "Fail": Node(nodes.fail, {"message": TEXT}),
}


# --8<-- [end:kinds]
def main() -> None:
    for name, node in KINDS.items():
        print(f"{name:23}", *node.outputs or ["(an output)"])


if __name__ == "__main__":
    main()
