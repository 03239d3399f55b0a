"""Show what a front end can ask about models."""

import asyncio

from snippets.server.introspection.served_files import ask, served_files

# --8<-- [start:asked]
FILES = """
    embeddings/b.v2.pt embeddings/b.v2.bin embeddings/README.md
    clip/l.safetensors text_encoders/T5.PTH diffusers/x/model.bin
    custom_nodes/pack/secrets.json custom_nodes/pack/.git/HEAD
""".split()  # noqa: SIM905
ASKED = ("text_encoders", "clip", "diffusers", "custom_nodes")


async def main() -> None:
    files = {f"models/{file}": b"" for file in FILES}
    async with served_files(files) as client:
        await ask(client, "/", "embeddings")
        await ask(client, "/models/", *ASKED)


# --8<-- [end:asked]
if __name__ == "__main__":
    asyncio.run(main())
