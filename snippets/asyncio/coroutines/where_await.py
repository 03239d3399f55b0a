"""Show where `await` may stand: Python decides when compiling."""

import ast

# --8<-- [start:where]
SOURCES = (
    "async def f(): await x",
    "def f(): await x",
    "await x",
    "async = 1",
)


def verdict(source: str, flags: int = 0) -> str:
    """Compile a source without running it; say what came of it."""
    try:
        compile(source, __file__, "exec", flags)
    except SyntaxError as error:
        return type(error).__name__
    return "compiles"


def main() -> None:
    for source in SOURCES:
        print(f"{source:23}", verdict(source))
    flag = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # as notebooks do
    print("the third, in a notebook", verdict(SOURCES[2], flag))


# --8<-- [end:where]
if __name__ == "__main__":
    main()
