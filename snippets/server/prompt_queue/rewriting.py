"""Show how extensions change a prompt before it is looked at."""

import asyncio
from typing import Any

from snippets.recreation.serving import serving


# --8<-- [start:rewriters]
def hurry(data: Any) -> Any:
    """Return another body."""
    return {**data, "front": True}


def forget(data: Any) -> Any:
    """Change the body in place, and return nothing."""
    data["number"] = 7


async def main() -> None:
    for handler in (hurry, forget):
        async with serving(worker=False) as (server, *_):
            server.add_on_prompt_handler(handler)
            body = server.trigger_on_prompt({"prompt": {}})
            print(f"{handler.__name__}:", body)


# --8<-- [end:rewriters]
if __name__ == "__main__":
    asyncio.run(main())
