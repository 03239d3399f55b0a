"""Show a weighted header parsed."""

import re
from typing import NamedTuple

# --8<-- [start:grammar]
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
QUOTED = r'"(?:[^"\\]|\\.)*"'
PARAMETER = rf"[ \t]*;[ \t]*({TOKEN})=({TOKEN}|{QUOTED})"
MEMBER = rf"({TOKEN}(?:/{TOKEN})?)((?:{PARAMETER})*)"
SPACED = rf"[ \t]*(?:{MEMBER}[ \t]*)?"
LIST = re.compile(rf"{SPACED}(?:,{SPACED})*")
WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


class Member(NamedTuple):
    """One member of a weighted list, its weight from 0 to 1."""

    value: str
    parameters: dict[str, str]
    weight: float


# --8<-- [end:grammar]
# --8<-- [start:parse]
def parse_weighted(header: str) -> list[Member]:
    """Return the members of a header; ValueError if it is broken."""
    if not LIST.fullmatch(header):
        raise ValueError(header)
    members = []
    for value, tail, *_ in re.findall(MEMBER, header):
        found = re.findall(PARAMETER, tail)
        parameters = {name.lower(): text for name, text in found}
        weight = parameters.pop("q", "1")
        if not WEIGHT.fullmatch(weight):
            raise ValueError(header)
        for name, text in parameters.items():
            parameters[name] = re.sub(r'\\(.)|"', r"\1", text)
        members.append(Member(value, parameters, float(weight)))
    return members


# --8<-- [end:parse]
def main() -> None:
    # --8<-- [start:call]
    header = 'text/html, text/*;q=0.5, text/csv;header="a,b";q=0'
    for member in parse_weighted(header):
        print(member.weight, member.value, member.parameters)
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
