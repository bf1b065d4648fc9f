# shellcheck shell=bash
# Debian's packages: deploy/packages/*.txt say which, here and in the container images alike.

SPACE_NEEDED_MB=2048

need_space() { # need_space MB: what this set-up takes in all
  SPACE_NEEDED_MB=$1
}

require_space() { # before anything is downloaded
  local free_kb place
  for place in / "$ROOT"; do
    free_kb=$(df -Pk "$place" | awk 'NR == 2 { print $4 }')
    if [ "$free_kb" -lt $((SPACE_NEEDED_MB * 1024)) ]; then
      die "磁盘空间不足：$place 所在分区只剩 $((free_kb / 1024)) MB，安装需要 $SPACE_NEEDED_MB MB。请腾出空间后重新运行。" \
        "Too little disk space: $((free_kb / 1024)) MB free for $place, $SPACE_NEEDED_MB MB needed. Free some, then run this again."
    fi
  done
}

missing_packages() { # missing_packages FILE…: those of the lists that are not installed
  comm -23 <(sort -u "$@") \
    <(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' 2>/dev/null | sed -n 's/^ii //p' | sort -u)
}

request_root() { # sets AS_ROOT; asks for the password before the steps begin
  local packages=$1
  AS_ROOT=()
  if is_root; then return; fi
  if command -v sudo >/dev/null && sudo -v </dev/null 2>/dev/null; then
    AS_ROOT=(sudo)
  elif command -v sudo >/dev/null && [ -t 0 ] && sudo -v; then
    AS_ROOT=(sudo)
  else
    die "需要安装系统软件包，但当前用户没有 sudo 权限。请管理员执行：apt-get install --no-install-recommends $packages" \
      "System packages are missing and this user has no sudo. Ask an administrator for: apt-get install --no-install-recommends $packages"
  fi
}

require_apt() {
  command -v apt-get >/dev/null && return
  die "未找到 apt-get（本脚本支持 Debian 与 Ubuntu）。请自行安装相当于下列软件包的程序后，以 PORTAL_SKIP_PACKAGES=1 重新运行：$1" \
    "There is no apt-get here (Debian and Ubuntu are supported). Install the equivalents of these, then run this again with PORTAL_SKIP_PACKAGES=1: $1"
}

install_packages() { # install_packages PACKAGE…
  local apt=("${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  local no_cluster=/etc/postgresql-common/createcluster.d/gis-portal.conf status=0
  "${apt[@]}" update
  # Installing PostgreSQL anew would also make and start a server of the system's: not asked for.
  if [ ! -e /etc/postgresql-common ]; then
    "${AS_ROOT[@]}" mkdir -p "$(dirname "$no_cluster")"
    echo 'create_main_cluster = false' | "${AS_ROOT[@]}" tee "$no_cluster"
  fi
  "${apt[@]}" install -y --no-install-recommends "$@" || status=$?
  if [ -e "$no_cluster" ]; then "${AS_ROOT[@]}" rm -f "$no_cluster"; fi
  return $status
}
