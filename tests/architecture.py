"""What the import rule and the one-place rules of ARCHITECTURE.md say, as functions of a module's syntax tree.

``tests/test_architecture.py`` applies them to every module, and to bad samples, which each of them must find.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
APPS = ("layers", "heritage", "gis_portal")
PRODUCT = (*APPS, "bench", "fixtures")

# From the ground up; a module imports its own level and what is below it.
ERRORS, REGISTERS, DOMAIN, WEB, PORTAL = range(5)
LEVELS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (PORTAL, ("gis_portal",)),
    (WEB, ("*.views", "*.admin", "*.management", "*.templatetags", "*.tasks", "*.apps", "*.urls")),
    (ERRORS, ("layers.errors", "layers.personal", "heritage.errors", "heritage.differences")),
    (
        REGISTERS,
        (
            "*.models",
            "*.registry",
            "*.catalogue",
            "layers.access",
            "layers.rows",
            "layers.crs",
            "layers.addresses",
            "layers.names",
        ),
    ),
    (DOMAIN, ("*",)),
)
HTTP = (
    "django.http",
    "django.shortcuts",
    "django.urls",
    "django.views",
    "django.middleware",
    "django.template",
    "django.contrib.admin",
    "rest_framework.views",
    "rest_framework.viewsets",
    "rest_framework.generics",
    "rest_framework.response",
    "rest_framework.request",
    "rest_framework.decorators",
)
# They could be used, and are tested, without a settings module.
PURE = (
    "fixtures.build",
    "layers.addresses",
    "layers.crs",
    "layers.publish.symbols",
    "layers.publish.filters",
    "layers.names",
    "layers.doorplates.grammar",
    "layers.siting.solving",
    "heritage.differences",
    "heritage.atlas.labels",
    "heritage.atlas.maps",
    "heritage.atlas.ordering",
)
# Who may speak which SQL, so that a change of a form is a change of one file.
ONE_PLACE: dict[str, tuple[str, ...]] = {
    "ST_AsMVT": ("layers.publish.tiles",),
    "ST_TileEnvelope": ("layers.publish.tiles",),
    "ST_AsGeoJSON": ("layers.publish.items",),
}
MAX_LINES = {"tests": 600, "": 350}
LONG_BY_NATURE = ("catalogue.py", "migrations")


@dataclass(frozen=True)
class Module:
    """name: dotted, without ``__init__``."""

    name: str
    text: str
    path: Path = Path()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The modules it imports anywhere in it, whole names; ``from a import b`` gives ``a.b``."""
        found: list[str] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [f"{self._absolute(node)}.{alias.name}" for alias in node.names]
        return tuple(found)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".") if self.path.name == "__init__.py" else self.name.split(".")[:-1]
        return ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """Every text in the code, docstrings aside."""
        documentation = {id(node.body[0].value) for node in ast.walk(self.tree) if _has_docstring(node)}  # type: ignore[attr-defined]
        return tuple(
            node.value
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
        )


SQL_TAKERS = {"execute", "executemany", "SQL", "RawSQL", "raw", "extra"}


def _has_docstring(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None


def modules(*folders: str) -> Iterator[Module]:
    for folder in folders:
        yield from map(module, sorted((ROOT / folder).rglob("*.py")))


@cache
def module(path: Path) -> Module:
    """Read and parsed once for all rules."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path.read_text(encoding="utf-8"), path.relative_to(ROOT))


def is_within(name: str, *packages: str) -> bool:
    """Whether the module is one of the packages or stands in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def level(name: str) -> int:
    """The level of a module or of a name imported from one."""
    parts = name.split(".")
    for number, patterns in LEVELS:
        for pattern in patterns:
            if pattern == "*" or is_within(name, pattern):
                return number
            if pattern.startswith("*.") and pattern[2:] in parts[1:]:
                return number
    raise AssertionError


Rule = Callable[[Module], list[str]]


def imports_upwards(module: Module) -> list[str]:
    """views, admin, commands → domain → registry, models → errors; whatever belongs to no app is nobody's."""
    if not is_within(module.name, *APPS) or "migrations" in module.name:
        return []
    own = level(module.name)
    ours = [found for found in module.imports if is_within(found, *APPS)]
    return [f"{module.name} imports {found}" for found in ours if level(found) > own]


def crosses_apps(module: Module) -> list[str]:
    """heritage → layers; neither imports gis_portal; nothing of the product imports its tests or benchmarks."""
    forbidden = {"layers": ("heritage", "gis_portal"), "heritage": ("gis_portal",)}.get(module.name.split(".")[0], ())
    beyond = ("tests", "bench", "fixtures") if is_within(module.name, *APPS) else ()
    return [f"{module.name} imports {found}" for found in module.imports if is_within(found, *forbidden, *beyond)]


def knows_http(module: Module) -> list[str]:
    """A domain module is called by a view, a command and a job alike."""
    if not is_within(module.name, *APPS) or level(module.name) >= WEB:
        return []
    return [f"{module.name} imports {found}" for found in module.imports if is_within(found, *HTTP)]


def is_not_pure(module: Module) -> list[str]:
    if not is_within(module.name, *PURE):
        return []
    return [
        f"{module.name} imports {found}" for found in module.imports if is_within(found, "django", "rest_framework")
    ]


def speaks_sql_of_another_place(module: Module) -> list[str]:
    if not is_within(module.name, *APPS):
        return []
    return [
        f"{module.name} says {word}"
        for word, homes in ONE_PLACE.items()
        if module.name not in homes and any(word in text for text in module.strings)
    ]


def formats_sql(module: Module) -> list[str]:
    """SQL made by putting values into a text, other than by ``psycopg.sql``: in ``execute`` or in ``sql.SQL``."""
    if not is_within(module.name, *APPS):
        return []
    found: list[str] = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or _called(node) not in SQL_TAKERS:
            continue
        if any(_is_made(argument) for argument in node.args[:1]):
            found.append(f"{module.name}:{node.lineno} makes SQL out of a text")
    return found


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_made(node: ast.expr) -> bool:
    """Whether a text is put together out of anything but constants."""
    match node:
        case ast.JoinedStr():
            return True
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add(), right=right):
            return not (isinstance(left, ast.Constant) and isinstance(right, ast.Constant))
        case ast.Call(func=ast.Attribute(attr="format", value=value)):
            return isinstance(value, ast.Constant | ast.Name)
    return False


def has_no_docstring(module: Module) -> list[str]:
    empty = not module.text.strip()
    return [] if empty or "migrations" in module.name or ast.get_docstring(module.tree) else [f"{module.name} has none"]


def is_too_long(module: Module) -> list[str]:
    if any(part in LONG_BY_NATURE for part in module.path.parts):
        return []
    lines, most = module.text.count("\n"), MAX_LINES.get(module.name.split(".")[0], MAX_LINES[""])
    return [f"{module.name} has {lines} lines, more than {most}"] if lines > most else []


def swallows(module: Module) -> list[str]:
    """``except:`` and ``except Exception`` whose body does nothing."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"}
            if node.type is None or (broad and all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)):
                found.append(f"{module.name}:{node.lineno} swallows an error")
    return found


RULES: dict[Rule, tuple[str, ...]] = {
    imports_upwards: APPS,
    crosses_apps: APPS,
    knows_http: APPS,
    is_not_pure: PRODUCT,
    speaks_sql_of_another_place: APPS,
    formats_sql: APPS,
    has_no_docstring: (*PRODUCT, "tests"),
    is_too_long: (*PRODUCT, "tests"),
    swallows: (*PRODUCT, "tests"),
}
