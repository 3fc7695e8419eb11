#!/usr/bin/env bash
# Adds auditd's packages to an image of aks-auditd, for nodes that reach no package mirror: install --packages /packages uses them.
#   with-packages.sh IMAGE NEW-IMAGE --node NODE-IMAGE    fetch them in a container of the nodes' release: ubuntu:24.04, ubuntu:22.04, mcr.microsoft.com/azurelinux/base/core:3.0
#   with-packages.sh IMAGE NEW-IMAGE --files DIRECTORY    take the .deb or .rpm files of this directory
# ENGINE, default docker, is the program that builds: docker, podman or buildah; ENGINE_OPTIONS are more options of its "build". Prints the files that are in the new image.
# One image for each release of nodes: install takes every file that is there. Of what --node fetches the packages of the audit source are kept: AKS's nodes have the libraries that
# those need, often newer, and apt refuses to go back. ALL=1 keeps all, for nodes that lack them.
set -euo pipefail
usage() { sed -n '3,4s/^#   //p' "$0" >&2; exit 2; }
[ $# = 4 ] || usage
image=$1 new=$2 from=$3 what=$4
engine=${ENGINE:-docker}
read -ra options <<<"${ENGINE_OPTIONS:-}"

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
mkdir "$context/files"
case $from in
  --node) packages="--from=packages /packages/" ;;
  --files)
    packages="files/"
    found=$(find "$what" -maxdepth 1 \( -name '*.deb' -o -name '*.rpm' \))
    [ -n "$found" ] || { echo "with-packages.sh: $what has no .deb or .rpm file" >&2; exit 2; }
    while read -r file; do cp "$file" "$context/files/"; done <<<"$found"
    ;;
  *) usage ;;
esac

{
  if [ "$from" = --node ]; then
    # A shell is all that is asked of the node's image. What it does not have, the packages need: apt-get and tdnf fetch that too.
    cat <<END
FROM $what AS packages
RUN set -e; mkdir /packages; \\
    if command -v apt-get >/dev/null; then \\
      apt-get update -qq; \\
      apt-get install --download-only -y -qq --no-install-recommends -o Dir::Cache::archives=/packages auditd audispd-plugins; \\
      rm -rf /packages/partial /packages/lock; \\
    elif command -v tdnf >/dev/null; then \\
      tdnf install --downloadonly --downloaddir /packages -y audit; \\
    else \\
      echo "no apt-get and no tdnf in this image" >&2; exit 1; \\
    fi; \\
    cd /packages; \\
    for f in *; do \\
      case "${ALL:-}\$f" in 1* | audit* | audispd-plugins* | libaudit* | libauparse*) echo "package: \$f" ;; *) rm "\$f" ;; esac; \\
    done
END
  fi
  cat <<END
FROM $image
COPY --chown=0:0 $packages /packages/
END
} >"$context/Dockerfile"

"$engine" build "${options[@]}" -f "$context/Dockerfile" -t "$new" "$context"
if [ "$from" = --files ]; then printf 'package: %s\n' "$context"/files/* | sed "s#$context/files/##"; fi
echo "$new: $image with these packages in /packages"
