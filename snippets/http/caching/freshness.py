"""Show for how long a browser may reuse a response without asking."""

import re
from collections.abc import Mapping
from email.utils import mktime_tz, parsedate_tz

DATES = {
    "Date": "Sat, 11 Jan 2025 00:00:00 GMT",
    "Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT",
}
FIELDS = (
    "Cache-Control: max-age=3600",
    "Cache-Control: max-age=3600, no-cache",
    "Cache-Control: no_cache",
    "Expires: Sat, 11 Jan 2025 01:00:00 GMT",
    "Expires: 0",
    "X-Other: no word about time",
)


# --8<-- [start:helpers]
DIRECTIVE = re.compile(r'([\w-]+)(?:=(?:"([^"]*)"|([^\s,]+)))?')


def parse(field: str) -> dict[str, str]:
    """Return the directives in lower case, with argument or ""."""
    found: dict[str, str] = {}
    for name, quoted, token in DIRECTIVE.findall(field):
        found.setdefault(name.lower(), quoted or token)
    return found


def moment(date: str) -> int:
    """Return a date as a number of seconds; 0 if it is none."""
    parsed = parsedate_tz(date)
    return mktime_tz(parsed) if parsed else 0


# --8<-- [end:helpers]
# --8<-- [start:lifetime]
def lifetime(fields: Mapping[str, str]) -> float:
    """Return for how many seconds a response is fresh."""
    control = parse(fields.get("Cache-Control", ""))
    if "no-cache" in control or "no-store" in control:
        return 0
    if "max-age" in control:
        seconds = control["max-age"]
        return int(seconds) if seconds.isdecimal() else 0
    made = moment(fields["Date"])
    if "Expires" in fields:
        return max(0, moment(fields["Expires"]) - made)
    changed = moment(fields.get("Last-Modified", fields["Date"]))
    return max(0, made - changed) / 10


# --8<-- [end:lifetime]
def main() -> None:
    # --8<-- [start:call]
    for line in FIELDS:
        name, value = line.split(": ")
        seconds = lifetime({**DATES, name: value})
        print(f"{line:40}{seconds:6.0f} s")
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
