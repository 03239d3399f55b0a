"""Show where `await` may stand: Python decides when compiling."""

import ast

# --8<-- [start:where]
SOURCES = (
    "async def f(): await x",
    "def f(): await x",
    "await x",
    "async = 1",
)


def outcome(source: str, flags: int = 0) -> str:
    """Compile a source without running it; return what happened."""
    try:
        compile(source, __file__, "exec", flags)
    except SyntaxError as error:
        return type(error).__name__
    return "compiles"


def main() -> None:
    for source in SOURCES:
        print(f"{source:23}", outcome(source))
    flag = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # as notebooks do
    print("the third, in a notebook", outcome(SOURCES[2], flag))


# --8<-- [end:where]
if __name__ == "__main__":
    main()
