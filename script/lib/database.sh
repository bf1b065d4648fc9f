# shellcheck shell=bash
# The project's own PostgreSQL under var/postgres: made, started, repaired and stopped here.
#
# It listens on a unix socket only, in a directory nobody else may enter, and lets in two
# operating-system users by `peer`: the project's owner and the user the server runs as.

CLUSTER=$VAR/postgres
DATA=$CLUSTER/data
ENV_FILE=$VAR/env
POSTGRES_HOME=${POSTGRES_HOME:-/usr/lib/postgresql}
SOCKET_NAME=.s.PGSQL.5432
SOCKET_PATH_MAX=107 # bytes in sockaddr_un, less the final NUL

uses_own_database() { [ -z "${DATABASE_URL:-}" ]; }

find_postgres() { # sets PG_BIN: the version that wrote the data, else the newest that has PostGIS
  local bin version wanted=""
  # Never from PATH, where wrappers that refuse root may stand.
  PG_BIN=""
  if [ -e "$DATA/PG_VERSION" ]; then
    wanted=$(<"$DATA/PG_VERSION")
    [ -x "$POSTGRES_HOME/$wanted/bin/postgres" ] && PG_BIN=$POSTGRES_HOME/$wanted/bin
  else
    for bin in "$POSTGRES_HOME"/*/bin; do
      version=$(basename "$(dirname "$bin")")
      [ -x "$bin/postgres" ] && [ -e "/usr/share/postgresql/$version/extension/postgis.control" ] && PG_BIN=$bin
    done
  fi
  [ -n "$PG_BIN" ] && return
  if [ -n "$wanted" ]; then
    die "数据库由 PostgreSQL $wanted 建立，但本机没有该版本。请安装 postgresql-$wanted 与 postgresql-$wanted-postgis-3，备份后再升级。" \
      "The database was made by PostgreSQL $wanted, which is not on this machine. Install postgresql-$wanted and postgresql-$wanted-postgis-3; upgrade only after a backup."
  fi
  die "没有找到带 PostGIS 的 PostgreSQL（$POSTGRES_HOME）。请安装 postgresql 与 postgis，或设置 DATABASE_URL 使用现有数据库。" \
    "No PostgreSQL with PostGIS under $POSTGRES_HOME. Install postgresql and postgis, or set DATABASE_URL to use a database you have."
}

find_database_user() { # sets DATABASE_USER: who runs the server, for PostgreSQL refuses root
  if ! is_root; then
    DATABASE_USER=$(id -un)
  elif [ -e "$DATA/PG_VERSION" ]; then
    DATABASE_USER=$(stat -c %U "$DATA")
  else
    DATABASE_USER=postgres
  fi
}

as_database_user() { # file descriptors of the locks stay behind: a server must not hold them for ever
  if is_root; then
    (cd / && exec setpriv --reuid "$DATABASE_USER" --regid "$(id -g "$DATABASE_USER")" --init-groups \
      env -i HOME=/ LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-)
  else
    "$@" 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
  fi
}

place_cluster() { # makes var/postgres; elsewhere, with a link, where the database's user may not pass
  if [ ! -e "$CLUSTER/." ]; then make_place; fi
  # PostgreSQL and its user know only the real path.
  CLUSTER=$(readlink -f "$CLUSTER")
  DATA=$CLUSTER/data
}

make_place() {
  if is_root && ! as_database_user test -x "$VAR"; then
    local elsewhere
    elsewhere=/var/lib/gis-portal/$(printf '%s' "$ROOT" | sha256sum | cut -c1-12)
    say "用户 $DATABASE_USER 无法进入 $ROOT，数据库改放在 $elsewhere（var/postgres 指向它）。" \
      "$DATABASE_USER may not enter $ROOT: the database is kept in $elsewhere, var/postgres links to it."
    install -d -m 755 /var/lib/gis-portal
    install -d -m 700 -o "$DATABASE_USER" "$elsewhere"
    ln -sfn "$elsewhere" "$CLUSTER"
  else
    install -d -m 700 "$CLUSTER"
    if is_root; then chown "$DATABASE_USER:" "$CLUSTER"; fi
  fi
}

fits_a_socket() { # a plain path needs no quoting anywhere, and no more than 107 bytes
  local LC_ALL=C
  [[ "$1" =~ ^[A-Za-z0-9/._-]+$ ]] && [ "$(printf '%s/%s' "$1" "$SOCKET_NAME" | wc -c)" -le $SOCKET_PATH_MAX ]
}

find_socket() { # sets SOCKET: a private directory for the server's socket
  local base
  SOCKET=$CLUSTER/run
  if ! fits_a_socket "$SOCKET"; then
    # Remembered, since another login of the same person may have another runtime directory.
    SOCKET=$(cat "$VAR/socket-directory" 2>/dev/null || true)
    if [ ! -d "$SOCKET" ] || [ "$(stat -c '%U %a' "$SOCKET")" != "$DATABASE_USER 700" ]; then
      base=${XDG_RUNTIME_DIR:-/tmp}
      if is_root || [ ! -w "$base" ] || ! fits_a_socket "$base/gis-portal.XXXXXXXX"; then base=/tmp; fi
      SOCKET=$(as_database_user mktemp -d "$base/gis-portal.XXXXXXXX")
      printf '%s\n' "$SOCKET" >"$VAR/socket-directory"
    fi
  fi
  if [ ! -d "$SOCKET" ]; then as_database_user mkdir -m 700 "$SOCKET"; fi
}

make_cluster() { # initdb into a directory that becomes data/ only when it is whole
  [ -e "$DATA/PG_VERSION" ] && return
  as_database_user rm -rf "$CLUSTER/data.new"
  as_database_user "$PG_BIN/initdb" --pgdata="$CLUSTER/data.new" --username=postgres --encoding=UTF8 \
    --locale=C.UTF-8 --lc-messages=C --auth=peer --data-checksums
  as_database_user sh -c "echo \"include 'portal.conf'\" >>'$CLUSTER/data.new/postgresql.conf'"
  as_database_user mv "$CLUSTER/data.new" "$DATA"
}

shared_buffers_mb() { # a quarter of the memory, between 128 MB and 1 GB
  awk '/^MemTotal/ { mb = int($2 / 4096); print (mb < 128 ? 128 : mb > 1024 ? 1024 : mb) }' /proc/meminfo
}

install_config() { # install_config FILE < CONTENT
  # shellcheck disable=SC2016 # $1 is the inner shell's
  as_database_user sh -c 'cat >"$1.new" && mv "$1.new" "$1"' sh "$DATA/$1"
}

configure_cluster() {
  local owner
  owner=$(id -un)
  install_config portal.conf <<CONF
# Written anew at each start by script/lib/database.sh.
listen_addresses = ''
unix_socket_directories = '$SOCKET'
unix_socket_permissions = 0700
port = 5432
max_connections = 100
shared_preload_libraries = 'postgis-3'
shared_buffers = '$(shared_buffers_mb)MB'
work_mem = '16MB'
maintenance_work_mem = '256MB'
max_wal_size = '2GB'
random_page_cost = 1.1
jit = off
logging_collector = on
log_directory = '$CLUSTER/log'
log_filename = 'postgresql-%a.log'
log_rotation_age = '1d'
log_truncate_on_rotation = on
log_min_duration_statement = '5s'
CONF
  install_config pg_hba.conf <<'CONF'
local all all peer map=portal
CONF
  install_config pg_ident.conf <<CONF
portal "$owner" portal
portal "$owner" postgres
portal "$DATABASE_USER" portal
portal "$DATABASE_USER" postgres
CONF
}

processes_of_cluster() { # the ids of all processes that live in the data directory: every PostgreSQL process does
  local process
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/cwd" 2>/dev/null)" = "$DATA" ] && echo "${process#/proc/}"
  done
  true
}

is_running() { # is the server of this very data directory there
  local pid
  [ -e "$DATA/postmaster.pid" ] || return 1
  pid=$(head -n 1 "$DATA/postmaster.pid")
  [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$DATA" ] || return 1
  "$PG_BIN/pg_isready" -q -h "$SOCKET" || "$PG_BIN/pg_isready" -q -h "$SOCKET" -t 30
}

clear_stale_server() { # after a killed server: its orphans end, and no lock file names a stranger's process
  local tries pids
  for tries in {1..100}; do
    pids=$(processes_of_cluster)
    [ -z "$pids" ] && break
    # Orphans see that their server is gone and end by themselves; a busy one needs to be told.
    # shellcheck disable=SC2086 # one word per process
    if [ "$tries" -eq 50 ]; then kill -QUIT $pids 2>/dev/null || true; fi
    sleep 0.1
  done
  rm -f "$DATA/postmaster.pid" "$SOCKET/$SOCKET_NAME" "$SOCKET/$SOCKET_NAME.lock"
}

start_server() {
  clear_stale_server
  as_database_user mkdir -p -m 700 "$CLUSTER/log"
  if ! as_database_user "$PG_BIN/pg_ctl" start --silent --wait --timeout=300 --pgdata="$DATA" --log="$CLUSTER/log/start.log"; then
    tail -n 20 "$CLUSTER/log/start.log" "$CLUSTER/log/postgresql-$(LC_ALL=C date +%a).log" 2>/dev/null >&7 || true
    die "数据库未能启动，日志在 $CLUSTER/log。" "The database did not start; its log is in $CLUSTER/log."
  fi
}

query() { # query DATABASE SQL: as the cluster's superuser
  "$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$SOCKET" -U postgres -d "$1" -c "$2"
}

set_password() { # set_password PASSWORD: for connections from elsewhere
  # From standard input, for psql fills in variables only there.
  "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 -v password="$1" -h "$SOCKET" -U postgres -d postgres \
    <<<"ALTER ROLE portal PASSWORD :'password'"
}

make_databases() { # the role, the template tests copy, and the portal's own database
  local have
  have=$(query postgres "SELECT string_agg(datname || ':' || datistemplate, ' ') FROM pg_database")
  case " $have " in *" portal:"*) return ;; esac
  query postgres "DO \$\$ BEGIN CREATE ROLE portal LOGIN CREATEDB; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$"
  case " $have " in
    *" portal_template:true "*) ;;
    *)
      query postgres "DROP DATABASE IF EXISTS portal_template"
      query postgres "CREATE DATABASE portal_template TEMPLATE template0"
      # Only a superuser may create PostGIS, so every other database is a copy of this one.
      query portal_template "CREATE EXTENSION postgis; CREATE EXTENSION btree_gist"
      query postgres "ALTER DATABASE portal_template IS_TEMPLATE true"
      ;;
  esac
  query postgres "CREATE DATABASE portal OWNER portal TEMPLATE portal_template"
}

set_env() { # set_env NAME VALUE: one line of var/env, the others as they were
  local umask_before
  umask_before=$(umask)
  umask 077
  {
    if [ -e "$ENV_FILE" ]; then grep -v "^$1=" "$ENV_FILE" || true; fi
    printf '%s=%s\n' "$1" "$2"
  } >"$ENV_FILE.new"
  mv "$ENV_FILE.new" "$ENV_FILE"
  umask "$umask_before"
}

write_env() {
  local url
  if ! grep -q '^SECRET_KEY=' "$ENV_FILE" 2>/dev/null; then
    set_env SECRET_KEY "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
  fi
  if uses_own_database; then
    url="postgis://portal@${SOCKET//\//%2F}/portal"
    if ! grep -qxF "DATABASE_URL=$url" "$ENV_FILE"; then set_env DATABASE_URL "$url"; fi
  fi
}

# Every script that uses the server holds a shared lock on var/lock/users (descriptor 8) while it
# runs; on its way out it asks for the exclusive lock, which only the last one gets, and that one
# stops the server. A killed script holds no lock, so nothing needs repair.
hold_database() {
  uses_own_database || return 0
  # Settings of somebody else's server must not lead our own clients astray.
  unset PGHOST PGHOSTADDR PGPORT PGUSER PGPASSWORD PGDATABASE PGDATA PGOPTIONS PGSERVICE
  exec 8>>"$VAR/lock/users"
  flock -s 8
}

release_database() {
  uses_own_database || return 0
  [ -e "/proc/$BASHPID/fd/8" ] || return 0
  if flock -n -x 8; then
    stop_server
  fi
  exec 8>&-
}

stop_server() {
  [ -n "${PG_BIN:-}" ] && [ -e "$DATA/postmaster.pid" ] && is_running || return 0
  as_database_user "$PG_BIN/pg_ctl" stop --silent --wait --timeout=60 --mode=fast --pgdata="$DATA" || true
}

locate_database() { # sets what the other functions need, without changing a running server
  find_postgres
  find_database_user
  place_cluster
  find_socket
}

start_database() { # a running server is used as it is; a missing one is made, a dead one repaired
  (
    flock -x 9
    make_cluster
    if ! is_running; then
      configure_cluster
      start_server
    fi
    make_databases
    write_env
  ) 9>>"$VAR/lock/database"
}
