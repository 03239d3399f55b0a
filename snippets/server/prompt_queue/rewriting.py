"""Show how extensions change a prompt before it is looked at."""

import asyncio
import logging
from typing import Any

from snippets.recreation.serving import serving


# --8<-- [start:rewriters]
def hurry(data: Any) -> Any:
    """Return another body."""
    return {**data, "front": True}


def half(data: Any) -> Any:
    """Change the body in place, and fail."""
    data["number"] = 7
    raise ValueError


def forget(data: Any) -> Any:
    """Change the body in place, and return nothing."""
    data["number"] = 7


async def main() -> None:
    logging.disable()  # a traceback is logged
    for handlers in ([hurry], [half], [half, hurry], [forget]):
        async with serving(worker=False) as (server, *_):
            for handler in handlers:
                server.add_on_prompt_handler(handler)
            names = ", ".join(x.__name__ for x in handlers)
            print(f"{names}:", server.trigger_on_prompt({"prompt": {}}))


# --8<-- [end:rewriters]
if __name__ == "__main__":
    asyncio.run(main())
