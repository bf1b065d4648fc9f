# shellcheck shell=bash
# The portal's two processes, with the same options on a newcomer's machine and in a container.

run_web() { # run_web HOST PORT: becomes the web server
  # Answers of a megabyte are made from memory that is kept: given back to the system after each and asked for again,
  # it costs as much processor time as all else.
  export MALLOC_MMAP_THRESHOLD_=8388608 MALLOC_TRIM_THRESHOLD_=16777216
  # No access log: it would say who scanned which door.
  exec "$PYTHON" -m granian --interface wsgi --host "$1" --port "$2" --no-ws --no-access-log \
    --workers "${WEB_WORKERS:-2}" --blocking-threads "${WEB_THREADS:-4}" \
    --respawn-failed-workers --workers-kill-timeout 20 gis_portal.wsgi:application
}

run_worker() { # becomes the process that does background jobs
  # Three at once, so that a long import keeps neither a file nor the clock waiting.
  exec "$PYTHON" manage.py procrastinate worker --concurrency 3 --shutdown-graceful-timeout 20
}
