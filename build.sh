#!/usr/bin/env bash
# Builds artifacts/aks-auditd: one native binary (NativeAOT). Options: --arch x64|arm64 (default: this machine's).
# Needs the .NET 10 SDK; a C linker and zlib's headers are installed by package name when missing and we are root.
set -euo pipefail
cd "$(dirname "$0")"

arch=$(case "$(uname -m)" in aarch64) echo arm64 ;; *) echo x64 ;; esac)
while [ $# -gt 0 ]; do
  case $1 in
    --arch) arch=$2; shift 2 ;;
    *) echo "build.sh: unknown option $1 (known: --arch x64|arm64)" >&2; exit 2 ;;
  esac
done

if ! command -v dotnet >/dev/null; then
  echo "build.sh: the .NET 10 SDK is not installed: https://dotnet.microsoft.com/download" >&2
  exit 3
fi

if ! command -v clang >/dev/null || [ ! -e /usr/include/zlib.h ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "build.sh: clang and zlib's headers are needed to link (Debian: apt-get install clang zlib1g-dev)" >&2
    exit 3
  fi
  echo "build.sh: installing clang and zlib1g-dev"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends clang lld zlib1g-dev >/dev/null
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

# A tree of its own, so that a native build leaves the restore state of tests and editors alone.
tree=$PWD/artifacts/native
# No server is left running: it is one compilation, which a server does not make shorter. Style is checked by the build of the solution.
publish() {
  dotnet publish src/AksAuditd/AksAuditd.csproj -c Release -r "linux-$arch" --nologo -v quiet \
    -nodeReuse:false -p:UseSharedCompilation=false -p:RunAnalyzers=false -p:AksNative=true -p:AksTargetFramework="$1" -p:ArtifactsPath="$tree/$1" -o "$tree/$1/out"
}

mkdir -p "$tree"
framework=net10.0
if ! publish net10.0 >"$tree/net10.0.log" 2>&1; then
  if ! grep -q 'NU1101.*NativeAOT' "$tree/net10.0.log"; then
    cat "$tree/net10.0.log" >&2
    exit 1
  fi
  framework=net9.0
  publish net9.0
fi

# Renamed into place: a test that is running the old binary keeps it.
install -m 0755 "$tree/$framework/out/aks-auditd" artifacts/aks-auditd.new
mv -f artifacts/aks-auditd.new artifacts/aks-auditd
note=
[ "$framework" = net10.0 ] || note=' (net10.0: the native runtime pack cannot be restored here; it works the same)'
echo "artifacts/aks-auditd: $framework linux-$arch, $(stat -c %s artifacts/aks-auditd) bytes$note"
