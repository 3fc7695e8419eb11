#!/usr/bin/env bash
# Prints a folder (in the cache) whose node_modules hold the schemas of the current Kubernetes API and a YAML parser. Needs npm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../lib/cache.sh
. "$here/../lib/cache.sh"

packages=(kubernetes-models@5.1.0 yaml@2)

fetch() { # FOLDER
  cd "$1"
  npm install --silent --no-audit --no-fund "${packages[@]}"
}

cached kubernetes-schemas "$(key_of "${packages[*]}" "$here/schemas.sh")" fetch
