# shellcheck shell=bash
# What is made from the tree's own files: compiled translations and the collected static files.

compile_messages() {
  local po
  find gis_portal layers heritage -name '*.po' | sort | while read -r po; do
    msgfmt --check-format -o "${po%.po}.mo.new" "$po"
    mv "${po%.po}.mo.new" "${po%.po}.mo"
  done
  stamp messages "$(messages_digest)"
}

messages_digest() {
  find gis_portal layers heritage -name '*.po' -print0 | sort -z | xargs -0 -r sha256sum | sha256sum
}

has_messages() {
  local po
  while read -r po; do
    [ -e "${po%.po}.mo" ] || return 1
  done < <(find gis_portal layers heritage -name '*.po')
  is_stamped messages "$(messages_digest)"
}

collect_static() { # without what browsers never ask for: source maps, types, and the libraries' other builds
  local pattern unused=()
  for pattern in '*.map' '*.d.ts' '*-dev.mjs' '*.cjs' '*.umd.js' '*.module.js' 'leaflet-src*' geographiclib-geodesic.js src test; do unused+=(--ignore "$pattern"); done
  "$PYTHON" manage.py collectstatic --noinput --clear --verbosity 1 "${unused[@]}"
  stamp static "$(static_digest)"
}

static_digest() {
  find gis_portal layers heritage -path '*/static/*' -type f -print0 | sort -z |
    xargs -0 sha256sum gis_portal/settings.py package-lock.json requirements.txt | sha256sum
}

has_static() {
  [ -d static-collected ] && is_stamped static "$(static_digest)"
}
