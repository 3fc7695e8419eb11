#!/usr/bin/env bash
# Makes a FROM-scratch image with nothing but tar: a docker archive that "ctr images import" and podman read.
#   mkimage.sh NAME:TAG ARCHIVE ROOT COMMAND…    ROOT: the folder that becomes the image's file system
set -euo pipefail
name=$1 archive=$2 root=$3; shift 3
command=$(printf '"%s",' "$@")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$root" -cf "$work/layer.tar" .
layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
cat >"$work/config.json" <<END
{"architecture":"$(dpkg --print-architecture)","os":"linux",
 "config":{"Env":["PATH=/bin:/usr/bin:/sbin:/usr/sbin"],"Entrypoint":[${command%,}]},
 "rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},"history":[{"created_by":"mkimage.sh"}]}
END
config=$(sha256sum "$work/config.json" | cut -d' ' -f1)
mv "$work/config.json" "$work/$config.json"
mkdir "$work/$layer"
mv "$work/layer.tar" "$work/$layer/layer.tar"
printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["%s/layer.tar"]}]\n' "$config" "$name" "$layer" >"$work/manifest.json"
tar -C "$work" -cf "$archive" manifest.json "$config.json" "$layer"
