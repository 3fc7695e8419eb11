#!/usr/bin/env bash
# What a large cluster's shared parts see: a simulation, one event after the other, of a policy that is rolled out to all nodes at once, and of a first
# installation while the package mirror is away. Its inputs are below, each with its source; docs/scale.md says what follows from the tables.
#   bench/scale.sh [NODES=5000 [SEED=1]]
set -euo pipefail
cd "$(dirname "$0")/.."
nodes=${1:-5000} seed=${2:-1}

policy=$(cat rules/*.rules | wc -c)
rules=$(cat rules/*.rules | grep -c '^-a')
printf '%s nodes, seed %s; the policy is rules/: %s rules, %s bytes\n\n' "$nodes" "$seed" "$rules" "$policy"

awk -v nodes="$nodes" -v seed="$seed" -v policy="$policy" -v rules="$rules" '
function max(a, b) { return a > b ? a : b }
# of N times in at[]: the fullest second, and when half and all of them have come
function tell(name, at, n,    i, tenth, count, tenths, peak, last, sum) {
  delete count
  delete tenths
  peak = last = sum = 0
  for (i = 0; i < n; i++) {
    peak = max(peak, ++count[int(at[i])])
    tenths[int(at[i] * 10)]++
    last = max(last, at[i])
  }
  for (tenth = 0; (sum += tenths[tenth]) < n / 2; tenth++) continue
  printf "  %-58s %6d %8.1f %8.1f\n", name, peak, tenth / 10, last
}
BEGIN {
  srand(seed)
  # A kubelet looks at a pod again 60 to 90 s after it last did (kubernetes: syncFrequency 1m, jittered by up to half); nobody tells it that a ConfigMap changed.
  # The agent: 0.07 s after the kubelet put the volume there (bench/converge.md); without inotify at its next poll.
  printf "%-60s %6s %8s %8s\n", "A new policy is in the kernel of", "most/s", "half s", "all s"
  for (i = 0; i < nodes; i++) { period = 60 + 30 * rand(); kubelet[i] = period * rand(); a[i] = kubelet[i] + 0.07 }
  tell("by inotify", a, nodes)
  for (i = 0; i < nodes; i++) b[i] = kubelet[i] + 30 * rand()
  tell("by a poll of 30 s", b, nodes)

  # The mirror is away for ten minutes, then answers. A controller makes pods at 100 a second; an attempt that finds nobody ends after 1 s; an agent tries
  # four times, 2, 4 and 8 s apart, then its container ends, and the kubelet starts it again after 10, 20, 40 ... 300 s.
  printf "\n%-60s %6s %8s %8s\n", "First installation, mirror away for 600 s: it is reached by", "most/s", "half s", "all s"
  for (mode = 0; mode < 4; mode++) {
    n = 0
    delete hits
    for (i = 0; i < nodes; i++) {
      # mode 2 and 3: all nodes at the same moment, such as after a power cut.
      t = mode >= 2 ? 0 : i / 100
      pause = 10
      while (t < 600) {
        wait = 2
        for (try = 0; try < 4 && t < 600; try++) {
          t += 1
          if (try < 3) { t += wait * (mode % 2 ? 0.5 + rand() : 1); wait *= 2 }
        }
        if (t < 600) { t += pause; pause = pause * 2 > 300 ? 300 : pause * 2 }
      }
      hits[n++] = t
    }
    tell((mode < 2 ? "pods started one after the other" : "all started at once") (mode % 2 ? ", waits of 50 to 150 % (ours)" : ", fixed waits"), hits, n)
  }
}'
