"""Show which addresses a command line asks for."""

from snippets.recreation.cli_args import args, set_args

# --8<-- [start:addresses]
LINES = (
    "",
    "--listen",
    "--listen 192.168.0.5",
    "--listen 127.0.0.1,192.168.0.5 --port 8000",
)


def main() -> None:
    for line in LINES:
        set_args(line.split())
        print(f"main.py {line}".strip())
        for address in args.listen.split(","):
            print(f"  {address}, port {args.port}")


# --8<-- [end:addresses]
if __name__ == "__main__":
    main()
