"""Toy nodes under the names of real ones, of the shape they have."""

import time
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image

from snippets.recreation import folder_paths, model_management, utils

# the scripts of extensions, by name
EXTENSION_WEB_DIRS: dict[str, Any] = {}


def interrupt_processing(value: bool = True) -> None:
    """Ask the running prompt to stop, or take that back.

    Source: ComfyUI v0.3.10, nodes.py 44–45.
    """
    model_management.interrupt_current_processing(value)


def before_node_execution() -> None:
    """Stop here if the running prompt was asked to (nodes.py 41–42)."""
    model_management.throw_exception_if_processing_interrupted()


Inputs = dict[str, tuple[str, dict[str, Any]]]  # type and limits
TEXT: Any = "STRING", {}
SIZE: Any = "INT", {"min": 1, "max": 16384}
FLOAT: Any = "FLOAT", {"min": 0.0}
SAMPLER: Inputs = {
    "model": ("MODEL", {}),
    "latent_image": ("LATENT", {}),
    "positive": ("CONDITIONING", {}),
    "negative": ("CONDITIONING", {}),
    "sampler_name": TEXT,
    "scheduler": TEXT,
    "seed": ("INT", {"min": 0}),
    "steps": SIZE,
    "cfg": FLOAT,
    "denoise": FLOAT,
}
CANVAS: Inputs = {"width": SIZE, "height": SIZE, "batch_size": SIZE}


# --8<-- [start:Node]
class Node:
    """What the server and the executor ask a kind of node for."""

    INPUTS: ClassVar[Inputs] = {}
    RETURN_TYPES: tuple[str, ...] = ()
    FUNCTION = "work"
    OUTPUT_NODE = False

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Inputs]:
        """Return what it takes, by whether it is required."""
        return {"required": cls.INPUTS}


# --8<-- [end:Node]
# --8<-- [start:KSampler]
class KSampler(Node):
    """Paints a picture step by step, and shows each as a preview."""

    INPUTS = SAMPLER
    RETURN_TYPES = ("LATENT",)

    def work(self, steps: int, seed: int, **_: Any) -> tuple[Any, ...]:
        """Return the picture; block the thread, as torch would."""
        bar = utils.ProgressBar(steps)
        picture = Image.new("RGB", (64, 64))
        for step in range(1, steps + 1):
            time.sleep(0.01)
            colour = (seed * step % 256, 99, 150)
            picture.paste(colour, (0, 0, 64, step))
            bar.update_absolute(
                step, steps, ("JPEG", picture.copy(), 32)
            )
        return (picture,)


# --8<-- [end:KSampler]
class CheckpointLoaderSimple(Node):
    """Gives a model, a text encoder and a decoder by name."""

    INPUTS: ClassVar = {"ckpt_name": TEXT}
    RETURN_TYPES = ("MODEL", "CLIP", "VAE")

    def work(self, ckpt_name: str) -> tuple[Any, ...]:
        """Return three names in place of three models."""
        return "model", "clip", "vae"


# --8<-- [start:CLIPTextEncode]
class CLIPTextEncode(Node):
    """Passes a text on, as it is."""

    INPUTS: ClassVar = {"text": TEXT, "clip": ("CLIP", {})}
    RETURN_TYPES = ("CONDITIONING",)

    def work(self, text: str, clip: Any) -> tuple[Any, ...]:
        """Return the text."""
        return (text,)


# --8<-- [end:CLIPTextEncode]
class EmptyLatentImage(Node):
    """Passes nothing on; the toy sampler has a size of its own."""

    INPUTS = CANVAS
    RETURN_TYPES = ("LATENT",)

    def work(self, **_: int) -> tuple[Any, ...]:
        """Return nothing in place of numbers."""
        return (None,)


class VAEDecode(Node):
    """Passes on what the sampler painted."""

    INPUTS: ClassVar = {"samples": ("LATENT", {}), "vae": ("VAE", {})}
    RETURN_TYPES = ("IMAGE",)

    def work(self, samples: Any, vae: Any) -> tuple[Any, ...]:
        """Return the picture."""
        return (samples,)


class SaveImage(Node):
    """Writes a picture into the output folder."""

    INPUTS: ClassVar = {
        "images": ("IMAGE", {}),
        "filename_prefix": TEXT,
    }
    OUTPUT_NODE = True

    def work(self, images: Any, filename_prefix: str) -> dict[str, Any]:
        """Write the picture; tell clients where it is."""
        folder = Path(folder_paths.get_output_directory())
        count = len(list(folder.glob(f"{filename_prefix}_*_.png"))) + 1
        name = f"{filename_prefix}_{count:05}_.png"
        images.save(folder / name)
        place = {"filename": name, "subfolder": "", "type": "output"}
        return {"ui": {"images": [place]}}


class SaveImageWebsocket(Node):
    """Sends a picture as a preview, and keeps nothing."""

    INPUTS: ClassVar = {"images": ("IMAGE", {})}
    OUTPUT_NODE = True

    def work(self, images: Any) -> dict[str, Any]:
        """Send the picture."""
        bar = utils.ProgressBar(1)
        bar.update_absolute(0, 1, ("PNG", images, None))
        return {}


class Fail(Node):
    """Fails, whatever is asked."""

    INPUTS: ClassVar = {"message": TEXT}
    OUTPUT_NODE = True

    def work(self, message: str) -> dict[str, Any]:
        """Raise an error with this message."""
        raise RuntimeError(message)


NODE_CLASS_MAPPINGS: dict[str, type[Any]] = {
    node.__name__: node
    for node in (
        CheckpointLoaderSimple,
        CLIPTextEncode,
        EmptyLatentImage,
        KSampler,
        VAEDecode,
        SaveImage,
        SaveImageWebsocket,
        Fail,
    )
}
