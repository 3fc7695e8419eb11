#!/usr/bin/env bash
# Makes the pictures of this directory: a report of real events, and Chromium looks at it.
#   make.sh [EVENTS]     EVENTS: lines of JSON; without it events.sh makes some, which needs root
set -euo pipefail
events=${1:+$(realpath "$1")}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=../../test/lib/suites.sh
. test/lib/suites.sh
install_packages chromium fonts-dejavu-core pngquant
work=$(mktemp -d /tmp/aks-auditd-images.XXXXXX)
trap 'rm -rf "$work"' EXIT
if [ -z "$events" ]; then
  events=$work/events.json
  docs/images/events.sh "$events"
fi
artifacts/aks-auditd report "$events" --price 2.76 --currency EUR --output "$work/report.html"
# Only the last trees, open.
sed 's/<details class="place">/<details class="place" open>/; s#</style>#header, section:not(\#who) { display: none } section { margin: 0 } .place:not(:nth-last-of-type(-n + 3)) { display: none }</style>#' "$work/report.html" >"$work/who.html"

# picture NAME PAGE WIDTH HEIGHT light|dark
picture() {
  local scheme=1
  [ "$5" = light ] || scheme=0
  timeout 60 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/chromium" --blink-settings=preferredColorScheme="$scheme" \
    --window-size="$3,$4" --screenshot="$work/$1.png" "file://$work/$2.html" 2>/dev/null
  pngquant --force --output "docs/images/$1.png" --speed 1 64 "$work/$1.png"
}
picture report report 1280 1500 light
picture report-dark report 1280 1500 dark
picture report-390 report 390 1700 light
picture report-390-dark report 390 1700 dark
picture who who 1280 1640 light
ls -l docs/images
