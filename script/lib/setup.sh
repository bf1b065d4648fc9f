# shellcheck shell=bash
# Every step from a bare machine to a portal with its data. Each looks first whether it is needed.

source script/lib/packages.sh
source script/lib/dependencies.sh
source script/lib/database.sh
source script/lib/files.sh

nothing() { :; }

set_up_packages() { # set_up_packages LIST…: names of deploy/packages/*.txt
  local lists=() list missing
  for list in "$@"; do lists+=("deploy/packages/$list.txt"); done
  missing=""
  if [ -z "${PORTAL_SKIP_PACKAGES:-}" ]; then missing=$(missing_packages "${lists[@]}" | paste -sd ' '); fi
  if [ -n "$missing" ]; then
    require_apt "$missing"
    require_space
    request_root "$missing"
    # shellcheck disable=SC2086 # one word per package
    step packages "系统软件包（$missing）" "system packages" install_packages $missing
  else
    step packages "系统软件包" "system packages" nothing
  fi
}

set_up_python() { # set_up_python LOCK
  if has_python_packages "$1"; then
    step python "Python 依赖" "Python packages" nothing
  else
    require_space
    step python "Python 依赖（按哈希校验）" "Python packages, checked by hash" install_python_packages "$1"
  fi
}

set_up_browser_libraries() {
  if has_browser_libraries; then
    step npm "前端库" "browser libraries" nothing
  else
    step npm "前端库" "browser libraries" install_browser_libraries
  fi
}

check_database() { # it explains itself
  "$PYTHON" script/lib/check_database.py 2>&7 || exit "$EXIT_WHEN_EXPLAINED"
}

set_up_database() {
  if uses_own_database; then
    hold_database
    locate_database
    step database "项目自带的数据库" "the project's own database" start_database
  else
    write_env
    step database "DATABASE_URL 指定的数据库" "the database of DATABASE_URL" check_database
  fi
}

set_up_files() {
  if has_messages; then
    step messages "界面翻译" "translations" nothing
  else
    step messages "界面翻译" "translations" compile_messages
  fi
  if has_static; then
    step static "静态文件" "static files" nothing
  else
    step static "静态文件" "static files" collect_static
  fi
}

data_digest() { # what decides the database's tables and reference data, and which database it is
  {
    find gis_portal layers heritage -name '*.py' -print0
    find fixtures -type f -print0
  } | sort -z | xargs -0 sha256sum requirements.txt
  query portal "SELECT system_identifier, oid FROM pg_control_system(), pg_database WHERE datname = 'portal'"
}

set_up_data() {
  local wanted=""
  # Somebody else's database may have been replaced since: there the two commands always look for themselves.
  if uses_own_database; then wanted=$(data_digest | sha256sum); fi
  if [ -n "$wanted" ] && is_stamped data "$wanted"; then
    step migrate "数据库表结构" "database tables" nothing
    step reference "参考数据" "reference data" nothing
    return
  fi
  step migrate "数据库表结构" "database tables" "$PYTHON" manage.py migrate --noinput
  step reference "参考数据" "reference data" "$PYTHON" manage.py load_reference
  if [ -n "$wanted" ]; then stamp data "$wanted"; fi
}

lock_setup() { # two set-ups of one tree take turns (descriptor 6)
  exec 6>>"$VAR/lock/setup"
  if ! flock -n 6; then
    say "另一个终端正在进行安装，等待其完成……" "Another terminal is setting this up: waiting for it …"
    flock 6
  fi
}

package_lists() {
  if uses_own_database; then echo portal database "$@"; else echo portal "$@"; fi
}

set_up_portal() { # set_up_portal LOCK: everything script/serve needs
  count_steps 8
  need_space 2048
  make_var
  lock_setup
  # shellcheck disable=SC2046 # one word per list
  set_up_packages $(package_lists)
  set_up_python "$1"
  set_up_browser_libraries
  set_up_database
  set_up_files
  set_up_data
  exec 6>&-
}

set_up_tests() { # everything the tests need; the portal's own data stays as it is
  count_steps 6
  need_space 4608
  make_var
  lock_setup
  # shellcheck disable=SC2046 # one word per list
  set_up_packages $(package_lists tests)
  set_up_python requirements-dev.txt
  set_up_browser_libraries
  set_up_database
  set_up_files
  exec 6>&-
}
