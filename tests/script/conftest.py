"""The scripts people type: a database of the project's own that survives everything, and messages that help.

Each test works in a copy of ``script/`` with a real PostgreSQL; Django has no part in it.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.script.trees import START, Tree, environment


@pytest.fixture(scope="module")
def make_tree() -> Iterator[Callable[..., Tree]]:
    """Makes trees where the database's own user may go too, which pytest's directories do not allow."""
    base = Path(tempfile.mkdtemp(prefix="gis-portal-test-"))
    base.chmod(0o755)
    trees: list[Tree] = []

    def make(*folders: str) -> Tree:
        root = base.joinpath(f"tree-{len(trees)}", *folders)
        root.mkdir(parents=True)
        trees.append(Tree(root))
        return trees[-1]

    yield make
    for tree in trees:
        if (tree.root / "var/postgres/data/postmaster.pid").exists():
            tree.stop()
    shutil.rmtree(base)


@pytest.fixture(scope="module")
def tree(make_tree: Callable[..., Tree]) -> Tree:
    """A tree without a database."""
    return make_tree()


@pytest.fixture(scope="module")
def cluster(make_tree: Callable[..., Tree]) -> Tree:
    """A tree whose database has been made."""
    made = make_tree()
    made.start()
    return made


@pytest.fixture
def running(cluster: Tree) -> Iterator[Tree]:
    """A tree whose database runs for the length of the test."""
    holder = subprocess.Popen(
        ["bash", "-c", START + "echo ready; read -r _; release_database"],
        cwd=cluster.root,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"ready\n"
    yield cluster
    holder.communicate(b"\n", timeout=60)
