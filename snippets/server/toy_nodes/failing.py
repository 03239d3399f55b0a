"""Show what is told of a prompt whose only node fails."""

import asyncio

from snippets.recreation.execution import PromptExecutor
from snippets.recreation.serving import serving


# --8<-- [start:fail]
async def main() -> None:
    inputs = {"message": "no memory left"}
    prompt = {"1": {"class_type": "Fail", "inputs": inputs}}
    async with serving(worker=False) as (server, *_):
        executor = PromptExecutor(server)
        executor.execute(prompt, "p", {}, ["1"])
    event, error = executor.status_messages[-1]
    print(event)
    del error["timestamp"], error["traceback"]
    for name, value in error.items():
        print(f"  {name:18}", value)


# --8<-- [end:fail]
if __name__ == "__main__":
    asyncio.run(main())
