#!/usr/bin/env bash
# Builds kube-apiserver, kube-controller-manager, kube-scheduler and kubelet 1.20 from the source of Debian 12's package kubernetes
# (the full upstream tree with its vendored dependencies) with Debian 12's Go.
#   build.sh    prints the folder (in the cache) with the binaries; builds them when it is not there
# Needs by Debian package name: golang-go gcc libc6-dev.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../lib/cache.sh
. "$here/../lib/cache.sh"

version=1.20.2
unset GOFLAGS
export GO111MODULE=off CGO_ENABLED=0

lap() { printf 'kubernetes: %-24s %4d s\n' "$1" $((SECONDS - lap)); lap=$SECONDS; }
lap=0

# apt with a source list of its own: machines rarely have deb-src entries, and theirs are left alone.
get_source() { # FOLDER: FOLDER/kubernetes_….orig.tar.gz
  local mirror
  mirror=${DEBIAN_MIRROR:-$(debian_mirror Debian)}
  [ -n "$mirror" ] || { echo "this machine's apt has no Debian archive: set DEBIAN_MIRROR" >&2; return 1; }
  mkdir -p "$1/lists/partial"
  chmod 755 "$1" "$1/lists" "$1/lists/partial"
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bookworm main" >"$1/source.list"
  local options=(-o "Dir::Etc::SourceList=$1/source.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$1/lists"
    -o APT::Sandbox::User=root -o Acquire::Languages=none)
  apt-get "${options[@]}" -qq update
  (cd "$1" && apt-get "${options[@]}" -qq source --download-only kubernetes)
  lap "source"
}

unpack() { # ARCHIVE TREE
  mkdir -p "$2"
  tar -xzf "$1" -C "$2" --strip-components=1
  # No cloud credential helpers in the kubelet: they ask the cloud's metadata address at every start.
  sed -i -E '/credentialprovider\/(aws|azure|gcp)"/d' "$2/cmd/kubelet/app/plugins.go"
  lap "unpack"
}

# The API description is generated code that the archive does not hold.
generate_openapi() { # GOPATH TREE
  local packages
  cd "$2"
  go build -o "$1/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  packages=$(grep -rl --include='*.go' '+k8s:openapi-gen=' pkg cmd plugin staging/src/k8s.io | sed 's#^staging/src/#vendor/#' |
    grep -vE '^vendor/k8s.io/(code-generator|sample-apiserver)/|_test.go$' | xargs -n1 dirname | LC_ALL=C sort -u |
    sed 's#^#k8s.io/kubernetes/#' | paste -sd,)
  "$1/openapi-gen" -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
    -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$1/openapi.report" --output-base "$1/src"
  lap "generate openapi"
}

compile() { # OUT TREE COMMAND…
  local out=$1 flags='-s -w' package minor=${version#*.}; shift
  cd "$1"; shift
  for package in component-base/version client-go/pkg/version; do
    package=k8s.io/kubernetes/vendor/k8s.io/$package
    flags+=" -X $package.gitVersion=v$version -X $package.gitMajor=1 -X $package.gitMinor=${minor%.*}"
  done
  go build -tags 'providerless dockerless' -trimpath -ldflags "$flags" -o "$out/" "$@"
  lap "compile"
}

build() { # FOLDER
  local out=$1 work=$1/work
  mkdir -p "$work"
  export GOPATH=$work/go GOCACHE=$work/cache
  local tree=$GOPATH/src/k8s.io/kubernetes
  get_source "$work/source"
  unpack "$work"/source/kubernetes_*.orig.tar.gz "$tree"
  generate_openapi "$GOPATH" "$tree"
  compile "$out" "$tree" ./cmd/kube-apiserver ./cmd/kube-controller-manager ./cmd/kube-scheduler ./cmd/kubelet
  gcc -Os -static -s -o "$out/pause" "$here/pause.c"
  chmod -R u+w "$work"
  rm -rf "$work"
}

cached kubernetes "$(key_of '' "$here/build.sh" "$here/pause.c")" build
