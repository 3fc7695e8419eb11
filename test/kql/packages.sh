#!/usr/bin/env bash
# Prints a folder (in the cache) whose node_modules hold Microsoft's language service for KQL. Needs npm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../lib/cache.sh
. "$here/../lib/cache.sh"

packages=(@kusto/language-service-next@12.4.1)

fetch() { # FOLDER
  cd "$1"
  npm install --silent --no-audit --no-fund "${packages[@]}"
}

cached kusto "$(key_of "${packages[*]}" "$here/packages.sh")" fetch
