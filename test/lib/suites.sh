# shellcheck shell=bash
# Sourced by test.sh: runs suites, adds up what they report, prints the closing line.
passed=0 failed=0 skipped=0
declare -A lanes=()
started=$SECONDS

say() { printf '[%4ds] %s\n' $((SECONDS - started)) "$*"; }

finish() {
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" = 0 ] && exit 0
  exit 1
}

give_up() { say "$*"; failed=$((failed + 1)); finish; }

# install_packages NAME…: those that dpkg does not know as installed, with apt.
install_packages() {
  local missing=() p
  for p in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || missing+=("$p")
  done
  [ ${#missing[@]} = 0 ] && return 0
  [ "$(id -u)" = 0 ] || { say "not root: going on without ${missing[*]}"; return 0; }
  say "installing ${missing[*]}"
  # apt waits for dpkg's lock but not for its own lists': another run may be at it.
  {
    flock /run/lock/aks-auditd-apt apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}"
  } >/dev/null || give_up "could not install ${missing[*]}"
}

# commit_of PATH…: the commit, and whether what is in PATH… is not as in there; documents and pictures say nothing of what runs.
commit_of() { echo "$(git rev-parse --short HEAD)$(git diff --quiet HEAD -- "$@" ':!*.md' ':!*.svg' || echo ' with changes')"; }

# step NAME COMMAND…: a thing that must work before tests can run; its output only when it fails.
step() {
  local name=$1 log; shift
  say "$name"
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then cat "$log"; rm -f "$log"; return 1; fi
  rm -f "$log"
}

# check NAME COMMAND…: one test that is a command.
check() {
  if step "$@"; then passed=$((passed + 1)); else say "FAILED: $1"; failed=$((failed + 1)); fi
}

# skip NAME-AND-REASON: one test that cannot run here.
skip() { say "skipped: $*"; skipped=$((skipped + 1)); }

# skip_all REASON COUNT: a suite that this machine cannot run.
skip_all() { say "skipped: $1"; skipped=$((skipped + $2)); finish; }

# scenario NAME LOG COMMAND…: one test that says what it does; its output goes to LOG, and here when it fails.
# Exit status 77 skips it: its last line says why.
scenario() {
  local name=$1 log=$2 since=$SECONDS status=0; shift 2
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 || status=$?
  case $status in
    0) say "ok: $name ($((SECONDS - since)) s)"; passed=$((passed + 1)) ;;
    77) skip "$name: $(tail -n 1 "$log")" ;;
    *)
      say "FAILED: $name ($((SECONDS - since)) s, status $status); the end of $log:"
      tail -n 60 "$log"
      failed=$((failed + 1))
      ;;
  esac
}

# lane NAME COMMAND…: suites beside those that follow, which come first where both want the processor; lane_end NAME waits for it and shows its log.
lane() {
  local name=$1; shift
  say "$name: ${*:2}"
  mkdir -p artifacts
  (renice -n 5 "$BASHPID" >/dev/null; counted "$@") >"artifacts/$name.log" 2>&1 </dev/null &
  lanes[$name]=$!
}

# counted COMMAND…: suites, and a count of their own as the last line.
counted() { passed=0 failed=0 skipped=0; "$@"; finish; }

lane_end() {
  say "$1"
  wait "${lanes[$1]}" || true
  cat "artifacts/$1.log"
  add_up "artifacts/$1.log"
}

# script_suite NAME SCRIPT [OPTION…]: a suite with a script of its own, shown as it goes, logged to artifacts/NAME.log.
script_suite() {
  local name=$1; shift
  say "$name"
  mkdir -p artifacts
  "$@" 2>&1 | tee "artifacts/$name.log" | sed -u 's/^/    /'
  add_up "artifacts/$name.log"
}

# add_up FILE: counts from the last "N passed, N failed, N skipped" in FILE; without one the suite counts as failed.
add_up() {
  local line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$1" | tail -n 1)
  [ -n "$line" ] || { say "no count in $1"; failed=$((failed + 1)); return; }
  read -r p _ f _ s _ <<<"$line"
  passed=$((passed + p)); failed=$((failed + f)); skipped=$((skipped + ${s:-0}))
}

# dotnet_tests PROJECT [OPTION…]: one xunit program.
dotnet_tests() {
  local project=$1 dll log line; shift
  dll=artifacts/bin/$project/release/$project.dll
  log=artifacts/$project.log
  say "$project"
  dotnet "$dll" -noLogo -noColor "$@" >"$log" 2>&1
  local status=$?
  grep -vE '^ *(Discovering|Discovered|Starting|Finished):|^=== TEST EXECUTION' "$log"
  line=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1 | tr -dc '0-9 ')
  if [ -z "$line" ]; then say "$project ended with status $status and no summary"; failed=$((failed + 1)); return; fi
  local total errors bad skip
  read -r total errors bad skip <<<"$line"
  [ "$total" -gt 0 ] || { say "$project ran no test"; failed=$((failed + 1)); }
  passed=$((passed + total - bad - skip)); failed=$((failed + errors + bad)); skipped=$((skipped + skip))
}
