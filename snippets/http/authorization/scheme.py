"""Show what the first word of an Authorization header is for."""

from base64 import b64decode

HEADERS = (
    "Basic Ym9iOnB3",
    "Bearer Ym9iOnB3",
    'Digest username="bob", response="8ca523f5"',
    "Ym9iOnB3",
)


# --8<-- [start:read]
def read(header: str) -> str:
    """Say what credentials hold; the scheme says how to read them."""
    scheme, _, rest = header.partition(" ")
    match scheme.lower():
        case "basic":
            user, _, password = b64decode(rest).decode().partition(":")
            return f"user {user}, password {password}"
        case "bearer":
            return f"token {rest}"
        case "digest":
            return f"hash over the password: {rest}"
    return f"scheme {scheme}, which is unknown, and nothing else"


# --8<-- [end:read]
def main() -> None:
    # --8<-- [start:call]
    for header in HEADERS:
        print(f"{header}\n  {read(header)}")
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
