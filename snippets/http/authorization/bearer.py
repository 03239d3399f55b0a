"""Show which Authorization values carry a bearer token."""

import re

# --8<-- [start:parse]
BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*)")


def parse_bearer(header: str) -> str | None:
    """Return the token, or None where there is no well-formed one."""
    match = BEARER.fullmatch(header)
    return match[1] if match else None


# --8<-- [end:parse]
def main() -> None:
    # --8<-- [start:call]
    print(f"{'Authorization':20} ==     parse_bearer")
    for header in (
        "Bearer s3cret",
        "bearer s3cret",
        "BEARER abc.def-123=",
        "Bearer",
        "Bearer [token]",
        "Basic Ym9iOnB3",
    ):
        equal = header == "Bearer s3cret"
        print(f"{header:20} {equal!s:6} {parse_bearer(header)}")
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
