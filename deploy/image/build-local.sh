#!/usr/bin/env bash
# Builds the last stage of the Dockerfile from artifacts/aks-auditd, on a base made of this machine's own C library instead of Azure Linux's:
# for machines that reach no image registry. What differs from the published image is that base, nothing else.
#   build-local.sh [NAME:TAG [ARCHIVE]]    default aks-auditd:VERSION, artifacts/image/aks-auditd.tar (a docker archive)
# Prints the sizes, and fails when the binary is larger than 12 MB or wants a C library newer than the oldest supported node's.
# Needs root and buildah (Debian package; runc or crun with it).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
binary=$repository/artifacts/aks-auditd
[ -x "$binary" ] || { echo "build-local.sh: artifacts/aks-auditd is missing: run ./build.sh" >&2; exit 2; }

version=$("$binary" --version)
name=${1:-aks-auditd:${version%%+*}}
archive=${2:-$repository/artifacts/image/aks-auditd.tar}
limit=$((12 * 1024 * 1024))
# Ubuntu 22.04's; the plugin of the same build runs on the node itself.
newest_libc=2.35

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A store of its own, so that no image of this machine's is used or replaced.
buildah=(buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs)
# No registry, no ulimits that a container host may not grant, no systemd to ask for cgroups.
printf '[containers]\ndefault_ulimits = []\n[engine]\ncgroup_manager = "cgroupfs"\n' >"$work/containers.conf"
export CONTAINERS_CONF=$work/containers.conf

needs=$(grep -aoE 'GLIBC_2\.[0-9]+' "$binary" | sort -uV | tail -n 1)
if [ "$(printf '%s\n%s\n' "${needs#GLIBC_}" "$newest_libc" | sort -V | tail -n 1)" != "$newest_libc" ]; then
  echo "build-local.sh: the binary wants $needs; nodes have $newest_libc or newer" >&2
  exit 1
fi
size=$(stat -c %s "$binary")
echo "binary: $size bytes (limit $limit), needs $needs"
[ "$size" -le "$limit" ] || { echo "build-local.sh: the binary is too large" >&2; exit 1; }

mkdir -p "$work/base" "$work/build/out" "$(dirname "$archive")"
# ldd names the libraries (third word) and the loader (first word of the line without an arrow). There is nothing else to load: no OpenSSL, no ICU.
ldd "$binary" | awk '$2 == "=>" { print $3 } $1 ~ "^/" { print $1 }' | sort -u | while read -r library; do
  install -D "$library" "$work/base$library"
done
cp "$binary" "$work/build/out/aks-auditd"
printf 'FROM scratch\nCOPY . /\n' | "${buildah[@]}" bud -q -f - -t localhost/base:local "$work/base" >/dev/null
# The named context stands in for the stage "build", which is then never built.
"${buildah[@]}" bud -q --build-context "build=$work/build" --build-arg RUNTIME_IMAGE=localhost/base:local \
  --build-arg VERSION="$version" --build-arg REVISION="$(git -C "$repository" rev-parse HEAD 2>/dev/null || true)" \
  --build-arg CREATED="$(date -u +%Y-%m-%dT%H:%M:%SZ)" -f "$repository/Dockerfile" -t "localhost/$name" "$repository" >/dev/null
rm -f "$archive"
"${buildah[@]}" push -q "localhost/$name" "docker-archive:$archive:$name"
echo "image: $name, $(stat -c %s "$archive") bytes as an archive, of which $(du -sb "$work/base" | cut -f1) are libraries: $archive"
