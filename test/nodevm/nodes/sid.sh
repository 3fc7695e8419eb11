# shellcheck shell=bash disable=SC2034
# Debian's newest: auditd 4.2 and later, a kernel of the year.
# shellcheck source=debian12.sh
. "${BASH_SOURCE[0]%/*}/debian12.sh"
suite=sid
