"""Show a whole test of a program that talks to ComfyUI."""

# --8<-- [start:test]
import asyncio

from snippets.recreation.serving import example_prompt, serving
from snippets.server.client.poll import make  # here: your program


async def make_one_picture() -> None:
    async with serving() as (_, client, *_):
        entry = await make(client, example_prompt())
    assert entry["status"]["status_str"] == "success"
    assert len(entry["outputs"]["save"]["images"]) == 1


def test_it_makes_one_picture() -> None:
    asyncio.run(make_one_picture())


def main() -> None:
    test_it_makes_one_picture()
    print("passed")


if __name__ == "__main__":
    main()
# --8<-- [end:test]
