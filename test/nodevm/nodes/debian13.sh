# shellcheck shell=bash disable=SC2034
# Debian 13: auditd 4.0, whose rules a unit of its own loads (audit-rules.service), systemd 257, kernel 6.12.
# shellcheck source=debian12.sh
. "${BASH_SOURCE[0]%/*}/debian12.sh"
suite=trixie
