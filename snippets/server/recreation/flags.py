"""Show what flags set, and what is said to those that make no sense."""

import contextlib
import sys

from snippets.recreation.cli_args import args, set_args

# --8<-- [start:wrong]
WRONG = (
    ["--prot", "80"],
    ["--port", "99999"],
    ["--max-upload-size", "nan"],
    ["--input-directory", "nowhere"],
    ["--tls-keyfile", "key.pem"],
)


def main() -> None:
    set_args(["--listen", "--port", "80"])
    print(args.listen, args.port, args.enable_cors_header)
    for words in WRONG:
        with (
            contextlib.redirect_stderr(sys.stdout),
            contextlib.suppress(SystemExit),
        ):
            set_args(words)


# --8<-- [end:wrong]
if __name__ == "__main__":
    main()
