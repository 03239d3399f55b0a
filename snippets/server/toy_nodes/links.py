"""Show what is said of links that do not fit."""

from typing import Any

from snippets.server.toy_nodes.inputs import Problem, problem
from snippets.server.toy_nodes.kinds import KINDS

BAD_LINK = (
    "bad_linked_input",
    "Bad linked input, must be a length-2 list of "
    "[node_id, slot_index]",
)


# --8<-- [start:link]
def link_problem(
    prompt: Any, name: str, link: list[Any], kind: str
) -> Problem | None:
    """Return what is wrong with a link: [node, index of output]."""
    about = {"input_name": name}
    if len(link) != 2:
        return problem(*BAD_LINK, name, **about, received_value=link)
    given = KINDS[prompt[link[0]]["class_type"]].outputs[link[1]]
    if given == kind:
        return None
    text = "Return type mismatch between linked nodes"
    details = f"received_type({given}) mismatch input_type({kind})"
    return problem(
        "return_type_mismatch",
        text,
        f"{name}, {details}",
        **about,
        received_type=given,
        linked_node=link,
    )


# --8<-- [end:link]
def main() -> None:
    prompt = {
        "1": {"class_type": "CheckpointLoaderSimple"},
    }
    for link in (["1", 1], ["1", 0], ["1"]):
        found = link_problem(prompt, "clip", link, "CLIP")
        print(link, found["type"] if found else "fits")


if __name__ == "__main__":
    main()
