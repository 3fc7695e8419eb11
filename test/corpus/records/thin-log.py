#!/usr/bin/env python3
"""Makes small.log of a log of make-log.sh: at most a few events of each kind, records as they came.

    thin-log.py LOG [PER_KIND=4] >small.log

A kind is the types of an event's records and, for a system call, its architecture, number and success. Events as long as a
real command line can be are kept once. A line that is no record, the rest of a socket's path with a newline, stays with the record before.
"""
import collections
import re
import sys

log, per_kind = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 4
lines = open(log, "rb").read().split(b"\n")
events = collections.OrderedDict()
for line in lines:
    found = re.match(rb"(?:node=\S+ )?type=(\S+) msg=audit\(([^)]*)\)", line)
    if found:
        events.setdefault(found[2], []).append((found[1], line))
seen = collections.Counter()
kept = set()
for key, records in events.items():
    kind = b" ".join(sorted({t for t, _ in records}))
    size = sum(len(line) for _, line in records)
    for record_type, line in records:
        if record_type == b"SYSCALL":
            kind += b" " + b" ".join(re.findall(rb"(?:arch|syscall|success)=\S+", line))
    if size > 9000:
        kind = b"large %d" % (size // 10000)
    seen[kind] += 1
    if seen[kind] <= (1 if size > 9000 else per_kind):
        kept.add(key)
keep = False
for line in lines:
    found = re.match(rb"(?:node=\S+ )?type=\S+ msg=audit\(([^)]*)\)", line)
    keep = found[1] in kept if found else keep and line != b""
    if keep:
        sys.stdout.buffer.write(line + b"\n")
