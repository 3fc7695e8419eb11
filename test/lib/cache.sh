# shellcheck shell=bash
# Sourced by build scripts: things that take minutes to build and belong to no clone are built once and kept.
# They live in $AKS_AUDITD_CACHE (default ${XDG_CACHE_HOME:-~/.cache}/aks-auditd), one folder NAME-KEY each.
cache_root=${AKS_AUDITD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/aks-auditd}

# cached NAME KEY COMMAND…: prints the folder NAME-KEY; when there is none, "COMMAND… FOLDER" fills one first.
# One builder at a time, others wait for it. The folder appears only when it is complete. All other output goes to stderr.
# For scripts under "set -e"; call it as a plain command, since bash ignores errors inside "cached … || …".
cached() {
  local name=$1 key=$2 folder; shift 2
  folder=$cache_root/$name-$key
  mkdir -p "$cache_root"
  (
    set -e # command substitution around us may have dropped it
    flock -n 8 || { echo "$name: somebody else is building it, waiting" >&2; flock 8; }
    if [ ! -d "$folder" ]; then
      rm -rf "$cache_root/$name".building.*
      temp=$(mktemp -d "$cache_root/$name.building.XXXXXX")
      trap 'echo "$name: the build failed" >&2; rm -rf "$temp"' EXIT
      chmod 755 "$temp"
      # The lock is not inherited: a background process left by the build must not keep it.
      "$@" "$temp" 8>&- >&2
      mv "$temp" "$folder"
      trap - EXIT
    fi
    touch "$folder"
    # What no clone has asked for in two weeks was made by an older script.
    find "$cache_root" -maxdepth 1 -type d -name "$name-????????????" -mtime +14 -exec rm -rf {} +
  ) 8>"$cache_root/$name.lock"
  [ -d "$folder" ] && echo "$folder"
}

# key_of TEXT FILE…: a short hash of both.
key_of() { local text=$1; shift; { printf '%s\n' "$text"; cat "$@"; } | sha256sum | cut -c1-12; }

# debian_mirror LABEL: where this machine's own apt gets Debian 12 from (LABEL: Debian, Debian-Security); empty when it does not.
debian_mirror() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(REPO_URI)' "Label: $1" 'Component: main' 'Created-By: Packages' | sort -u | head -n 1
}
