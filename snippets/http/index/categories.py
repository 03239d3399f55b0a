"""Show where RFC 9110 put the request headers of RFC 7231."""

# --8<-- [start:controls]
CATEGORIES = {
    "Controls": {
        "Cache-Control": "RFC 9111 §5.2",
        "Expect": "RFC 9110 §10.1.1",
        "Host": "RFC 9110 §7.2",
        "Max-Forwards": "RFC 9110 §7.6.2",
        "Pragma": "RFC 9111 §5.4",
        "Range": "RFC 9110 §14.2",
        "TE": "RFC 9110 §10.1.4",
    },
    # --8<-- [end:controls]
    # --8<-- [start:others]
    "Conditionals": {
        "If-Match": "RFC 9110 §13.1.1",
        "If-None-Match": "RFC 9110 §13.1.2",
        "If-Modified-Since": "RFC 9110 §13.1.3",
        "If-Unmodified-Since": "RFC 9110 §13.1.4",
        "If-Range": "RFC 9110 §13.1.5",
    },
    "Content Negotiation": {
        "Accept": "RFC 9110 §12.5.1",
        "Accept-Charset": "RFC 9110 §12.5.2",
        "Accept-Encoding": "RFC 9110 §12.5.3",
        "Accept-Language": "RFC 9110 §12.5.4",
    },
    "Authentication Credentials": {
        "Authorization": "RFC 9110 §11.6.2",
        "Proxy-Authorization": "RFC 9110 §11.7.2",
    },
    "Request Context": {
        "From": "RFC 9110 §10.1.2",
        "Referer": "RFC 9110 §10.1.3",
        "User-Agent": "RFC 9110 §10.1.5",
    },
}
# --8<-- [end:others]


def main() -> None:
    # --8<-- [start:call]
    for title, headers in CATEGORIES.items():
        chapters = [home.split(".")[0] for home in headers.values()]
        print(f"{title:28}" + ", ".join(dict.fromkeys(chapters)))
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
