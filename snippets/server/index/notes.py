"""Show what Python makes of the notes' block on server.py."""

# --8<-- [start:notes]
OUTLINE = """
1. 使用pygit2获取代码版本号
        import pygit2
"""
BLOCK = """
import asyncio
async def send_socket_catch_exception(function, message):
  await asyncio.sleep(1)
asyncio.run(hello_world())
"""
# --8<-- [end:notes]


# --8<-- [start:run]
def run(source: str) -> dict[str, object]:
    """Run source code by itself; return the names it defined."""
    names: dict[str, object] = {}
    try:
        exec(source, names)
    except SyntaxError as error:
        print(f"SyntaxError in line {error.lineno}")
    except NameError as error:
        print(f"NameError: {error.name}")
    return names


# --8<-- [end:run]
# --8<-- [start:main]
def main() -> None:
    run(OUTLINE)
    run(BLOCK)


# --8<-- [end:main]
if __name__ == "__main__":
    main()
