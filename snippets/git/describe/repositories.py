"""Show a repository with the same hashes on every machine."""

import tempfile
from pathlib import Path

import pygit2
from pygit2.enums import ObjectType

# --8<-- [start:commit]
AUTHOR = pygit2.Signature("Ada", "ada@example.org", 1735215529)


def new_repository(folder: Path) -> pygit2.Repository:
    return pygit2.init_repository(folder, initial_head="main")


def commit(repo: pygit2.Repository, text: str) -> pygit2.Oid:
    """Commit a text on HEAD as the only file, `notes.txt`."""
    Path(repo.workdir, "notes.txt").write_text(text)
    repo.index.add("notes.txt")
    repo.index.write()
    tree = repo.index.write_tree()
    parents = [] if repo.head_is_unborn else [repo.head.target]
    return repo.create_commit(
        "HEAD", AUTHOR, AUTHOR, text, tree, parents
    )


def light_tag(repo: pygit2.Repository, name: str) -> None:
    """Give HEAD a lightweight tag: a name and nothing else."""
    repo.references.create(f"refs/tags/{name}", repo.head.target)


def annotated_tag(repo: pygit2.Repository, name: str) -> None:
    """Give HEAD a tag with author, time and message of its own."""
    head = repo.head.target
    repo.create_tag(name, head, ObjectType.COMMIT, AUTHOR, name)


# --8<-- [end:commit]
# --8<-- [start:main]
def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = new_repository(Path(folder))
        print("commit", commit(repo, "first"))
        print("commit", commit(repo, "second"))
        light_tag(repo, "light")
        annotated_tag(repo, "annotated")
        for name in ("light", "annotated"):
            target = repo.references[f"refs/tags/{name}"].target
            print(f"{name}: a {repo[target].type_str}, {target}")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
