# shellcheck shell=bash
# Keeps the web server and the worker running for script/serve, and ends them in order.

source script/lib/processes.sh

KEEP_LOG_MB=20

is_port_taken() { # is_port_taken PORT
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

port_holder() { # port_holder PORT: "NAME (PID)" of the process that listens, if this user may see it
  local hex inode link pid
  hex=$(printf ':%04X' "$1")
  inode=$(awk -v port="$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null || true)
  [ -n "$inode" ] || return 0
  link=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -print -quit 2>/dev/null || true)
  [ -n "$link" ] || return 0
  pid=${link#/proc/}
  pid=${pid%%/*}
  printf '%s (%s)' "$(cat "/proc/$pid/comm" 2>/dev/null)" "$pid"
}

check_port() { # check_port PORT: ends with what to do when another program has it
  local holder
  if ! [[ "$1" =~ ^[0-9]{1,5}$ ]] || [ "$1" -lt 1 ] || [ "$1" -gt 65535 ]; then
    die "PORT=$1 不是有效的端口号（1–65535）。" "PORT=$1 is no port number (1 to 65535)."
  fi
  is_port_taken "$1" || return 0
  holder=$(port_holder "$1")
  die "端口 $1 已被占用${holder:+：$holder}。请换一个端口：PORT=$(($1 + 1)) script/serve" \
    "Port $1 is taken${holder:+ by $holder}. Use another: PORT=$(($1 + 1)) script/serve"
}

# A killed script/serve may leave processes behind. They carry this mark, by which the next one
# finds them; the lock that a living script/serve holds (descriptor 5) says whether they are orphans.
lock_port() { # lock_port PORT
  exec 5>>"$VAR/lock/port-$1"
  if ! flock -w 3 5; then
    die "本项目已在端口 $1 上运行：http://127.0.0.1:$1" "This portal already runs on port $1: http://127.0.0.1:$1"
  fi
  export GIS_PORTAL_PROCESS=$ROOT:$1
  end_orphans
}

orphans() {
  local process
  for process in /proc/[0-9]*; do
    [ "${process#/proc/}" = $$ ] || [ "${process#/proc/}" = "$BASHPID" ] && continue
    if [ "$(readlink "$process/cwd" 2>/dev/null)" = "$ROOT" ] &&
      tr '\0' '\n' <"$process/environ" 2>/dev/null | grep -qxF "GIS_PORTAL_PROCESS=$GIS_PORTAL_PROCESS"; then
      echo "${process#/proc/}"
    fi
  done
}

end_orphans() {
  local signal tries pids
  for signal in TERM KILL; do
    for tries in {1..60}; do
      pids=$(orphans)
      [ -z "$pids" ] && return 0
      # shellcheck disable=SC2086 # one word per process
      if [ "$tries" = 1 ]; then kill -$signal $pids 2>/dev/null || true; fi
      sleep 0.1
    done
  done
}

start_log() { # start_log NAME: a new log; the one before is kept as NAME.log.1
  local log=$LOGS/$1.log
  if [ -e "$log" ] && [ "$(stat -c %s "$log")" -gt $((KEEP_LOG_MB * 1024 * 1024)) ]; then mv "$log" "$log.1"; fi
  printf -- '--- %s ---\n' "$(date '+%F %T')" >>"$log"
}

start_process() { # start_process NAME COMMAND…: in the background, ending with this script even if that is killed
  start_log "$1"
  (
    exec 5>&- 7>&- 8>&-
    # A session of its own: Ctrl-C reaches this script only, which ends things in order.
    exec setsid setpriv --pdeathsig TERM script/lib/run-process "${@:2}"
  ) >>"$LOGS/$1.log" 2>&1 </dev/null &
}

end_process() { # end_process PID SECONDS: asks, waits, then insists; its own children end with it
  local deadline
  [ -n "$1" ] || return 0
  kill -TERM "$1" 2>/dev/null || true
  deadline=$(($(now_ms) + $2 * 1000))
  while kill -0 "$1" 2>/dev/null && [ "$(now_ms)" -lt $deadline ]; do sleep 0.1; done
  kill -KILL -- "-$1" 2>/dev/null || true
}

answers() { # answers PORT: does the portal answer a request
  local status
  {
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
    read -r -t 10 _ status _ <&3 || status=""
    exec 3>&-
  } 2>/dev/null
  [ "$status" = 200 ]
}

wait_until_it_answers() { # wait_until_it_answers PORT PID
  local deadline
  deadline=$(($(now_ms) + 60000))
  until answers "$1"; do
    if ! kill -0 "$2" 2>/dev/null || [ "$(now_ms)" -gt $deadline ]; then
      tail -n 20 "$LOGS/server.log" | sed 's/^/    /' >&7
      die "网站没有启动成功，完整日志见 $LOGS/server.log。" "The portal did not come up; its log is $LOGS/server.log."
    fi
    sleep 0.1
  done
}
