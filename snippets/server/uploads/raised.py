"""Show a mask's refusals that are raised, not returned."""

import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web
from PIL import Image

from snippets.recreation import folder_paths
from snippets.recreation.server import (
    PromptServer,
    copy_alpha,
    image_upload,
    is_file,
    locate_image,
)
from snippets.recreation.serving import serving
from snippets.server.uploads.mask import upload_mask

# --8<-- [start:raised]
REFUSED = {400: web.HTTPBadRequest, 403: web.HTTPForbidden}


class RaisingServer(PromptServer):
    """Tells the client why a mask was not stored."""

    async def upload_mask(self, request: web.Request) -> web.Response:
        """Store a picture with a new alpha channel; raise if not."""

        def image_save_function(
            image: Any, post: Any, filepath: Path
        ) -> None:
            # --8<-- [start:gap]
            place = locate_image(json.loads(post["original_ref"]))
            if isinstance(place, int):
                raise REFUSED[place]
            if not is_file(original := Path(*place)):
                raise web.HTTPNotFound
            copy_alpha(original, image.file, filepath)
            # --8<-- [end:gap]

        return image_upload(await request.post(), image_save_function)


# --8<-- [end:raised]
# --8<-- [start:main]
ORIGINALS = (
    {"filename": "gone.png"},
    {"filename": "../gone.png"},
    {"filename": "gone.png", "subfolder": "../input"},
    {"filename": "here.png"},
)


async def main() -> None:
    for server_class in (PromptServer, RaisingServer):
        async with serving(server_class=server_class) as served:
            here = folder_paths.get_output_directory() / "here.png"
            Image.new("RGBA", (1, 1)).save(here)
            mask = here.read_bytes()
            answers = [
                (
                    await upload_mask(served.client, mask, original)
                ).status
                for original in ORIGINALS
            ]
            folder = folder_paths.get_input_directory()
            stored = len(list(folder.iterdir()))
        print(f"{server_class.__name__:13}", *answers, stored, "stored")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
