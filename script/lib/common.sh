# shellcheck shell=bash
# What every script needs: where things are, how it speaks, how it reports a step.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
VAR=$ROOT/var
LOGS=$VAR/log
export PYTHONUTF8=1
cd "$ROOT"

# Messages go to the terminal even from inside a step, whose output goes to its log.
exec 7>&2

say() { # say CHINESE ENGLISH
  printf '%s\n%s\n' "$1" "$2" >&7
}

die() { # die CHINESE ENGLISH: says what is wrong and what to do, then ends
  printf '\n✗ %s\n  %s\n' "$1" "$2" >&7
  exit "${EXIT_WHEN_EXPLAINED:-1}"
}

is_root() { [ "$(id -u)" -eq 0 ]; }

now_ms() { echo $(("${EPOCHREALTIME//[.,]/}" / 1000)); }

seconds() { # seconds MILLISECONDS: with one decimal
  printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100))
}

make_var() { # var/ belongs to one user: mixed owners would lock each other out
  if [ -e "$VAR" ] && [ ! -O "$VAR" ]; then
    local owner
    owner=$(stat -c %U "$VAR")
    die "目录 $VAR 属于用户 $owner。请以 $owner 的身份运行（例如 sudo -u $owner $0）。" \
      "$VAR belongs to $owner. Run this as $owner (for example: sudo -u $owner $0)."
  fi
  if ! { install -d -m 755 "$VAR" && install -d -m 755 "$VAR/stamps" && install -d -m 700 "$LOGS" "$VAR/lock"; } 2>/dev/null; then
    die "无法在 $ROOT 下写入。请检查磁盘空间和目录权限。" \
      "Cannot write below $ROOT. Check the disk's free space and the directory's permissions."
  fi
}

STEP=0
STEPS=0

count_steps() { # count_steps HOW_MANY: there will be
  STEPS=$1
}

step() { # step NAME CHINESE ENGLISH COMMAND…: runs it into var/log/NAME.log and reports how long it took
  local name=$1 chinese=$2 english=$3 began took status
  shift 3
  STEP=$((STEP + 1))
  printf '[%d/%d] %s · %s … ' "$STEP" "$STEPS" "$chinese" "$english" >&7
  began=$(now_ms)
  set +e
  (
    set -e
    export EXIT_WHEN_EXPLAINED=64
    "$@"
  ) >"$LOGS/$name.log" 2>&1 </dev/null
  status=$?
  set -e
  took=$(($(now_ms) - began))
  if [ $status -eq 0 ]; then
    printf '%s s\n' "$(seconds $took)" >&7
    printf '%s\t%s\n' "$name" "$took" >>"$LOGS/steps.tsv"
    return 0
  fi
  if [ $status -ne 64 ]; then
    {
      printf '✗ (%s s)\n\n' "$(seconds $took)"
      tail -n 20 "$LOGS/$name.log" | sed 's/^/    /'
    } >&7
    explain_failure "$name"
  fi
  exit 1
}

explain_failure() { # explain_failure NAME: what to do about the step that failed
  local log=$LOGS/$1.log
  if grep -qiE 'no space left|disk quota' "$log"; then
    die "磁盘已满：请腾出空间后重新运行。" "The disk is full: free some space, then run this again."
  elif grep -qiE 'temporary failure|could not resolve|name or service not known|network is unreachable|connection (refused|timed out)|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|NewConnectionError|failed to fetch|unable to fetch|getaddrinfo' "$log"; then
    die "网络不可用：请检查网络或代理（软件源、pip 与 npm 的镜像设置均会沿用），然后重新运行。" \
      "The network cannot be reached: check it or the proxy (this machine's mirror settings for apt, pip and npm are respected), then run this again."
  fi
  die "此步骤失败，完整日志见 $log。修正后重新运行即可，已完成的步骤不会重做。" \
    "This step failed; its whole log is $log. Put it right and run this again: what is done stays done."
}

digest() { # digest FILE…: one checksum over the files' names and contents
  sha256sum "$@" | sha256sum | cut -c1-32
}

is_stamped() { # is_stamped NAME DIGEST
  [ -e "$VAR/stamps/$1" ] && [ "$(<"$VAR/stamps/$1")" = "$2" ]
}

stamp() { # stamp NAME DIGEST
  printf '%s' "$2" >"$VAR/stamps/$1.new" && mv "$VAR/stamps/$1.new" "$VAR/stamps/$1"
}
