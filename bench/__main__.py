"""``python -m bench [NAME…]``: runs the benchmarks named, or all, and prints their tables."""

import argparse
import os
import pkgutil
import sys
from importlib import import_module

import django

import bench


def names() -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(bench.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description="Runs benchmarks and prints their figures.")
    parser.add_argument(
        "name", nargs="*", choices=[*names(), []], help="a benchmark, for example serving; all by default"
    )
    chosen = parser.parse_args().name or names()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_portal.settings")
    django.setup()
    for name in chosen:
        print(f"\n## {name}\n", flush=True)
        module = import_module(f"bench.{name}")
        if hasattr(module, "run"):
            print(bench.table(list(module.run())), flush=True)
        else:
            module.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
