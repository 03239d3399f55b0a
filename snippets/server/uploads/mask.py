"""Show two masks: one is stored, one only said to be."""

import asyncio
import json

from aiohttp import ClientResponse, ClientSession, FormData
from PIL import Image

from snippets.recreation import folder_paths
from snippets.recreation.serving import serving


# --8<-- [start:masks]
async def upload_mask(
    client: ClientSession, mask: bytes, original: dict[str, str]
) -> ClientResponse:
    """Send a mask as `mask.png`, and which picture it belongs to."""
    form = FormData({"original_ref": json.dumps(original)})
    form.add_field("image", mask, filename="mask.png")
    return await client.post("/upload/mask", data=form)


async def main() -> None:
    async with serving() as (_, client, *_):
        picture = folder_paths.get_output_directory() / "here.png"
        Image.new("RGBA", (1, 1)).save(picture)
        for name in ("here.png", "gone.png"):
            response = await upload_mask(
                client, picture.read_bytes(), {"filename": name}
            )
            print(response.status, await response.text())
        folder = folder_paths.get_input_directory()
        print("stored:", len(list(folder.iterdir())))


# --8<-- [end:masks]
if __name__ == "__main__":
    asyncio.run(main())
