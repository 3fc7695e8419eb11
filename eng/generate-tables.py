#!/usr/bin/env python3
"""Writes src/LinuxAudit/Rules/Tables/Generated/*.cs from Debian's header packages.

Needs apt-get, dpkg-deb and clang (only its preprocessor). Run it when Debian's headers move on, look at the
difference, and commit it. `--headers DIR` reuses a directory an earlier run unpacked.

  syscalls            asm/unistd*.h of linux-libc-dev (x86_64, i386), and of the arm64 and armhf cross packages
  io_uring operations enum io_uring_op of linux/io_uring.h
  errno               asm-generic/errno-base.h, asm-generic/errno.h (the same numbers on the four machines)
  message types       linux/audit.h, and libaudit.h of libaudit-dev for those that programs send
"""
import argparse, pathlib, re, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "src/LinuxAudit/Rules/Tables/Generated"
PACKAGES = ["linux-libc-dev", "linux-libc-dev-arm64-cross", "linux-libc-dev-armhf-cross", "libaudit-dev"]
MACHINES = {  # property: (clang target, include directories)
    "X86_64": ("x86_64-linux-gnu", ["usr/include/x86_64-linux-gnu", "usr/include"]),
    "I386": ("i686-linux-gnu", ["usr/include/x86_64-linux-gnu", "usr/include"]),
    "Aarch64": ("aarch64-linux-gnu", ["usr/aarch64-linux-gnu/include"]),
    "Arm": ("arm-linux-gnueabihf", ["usr/arm-linux-gnueabihf/include"]),
}


# ausyscall and auditctl print these names where the headers have another; the headers' names are read too.
AUDIT_NAMES = {
    "X86_64": {17: "pread", 18: "pwrite"},
    "I386": {283: "sys_kexec_load", 423: "sched_rr_get_interval64"},
    "Aarch64": {61: "getdents", 67: "pread", 68: "pwrite", 80: "newfstat"},
    "Arm": {140: "llseek", 142: "newselect", 149: "sysctl", 270: "fadvise64_64", 341: "sync_file_range", 423: "sched_rr_get_interval64"},
}


def unpack(directory):
    for package in PACKAGES:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=directory, check=True, stderr=subprocess.DEVNULL)
    for deb in sorted(directory.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", deb.name, "."], cwd=directory, check=True)


NOT_CALLS = {"syscalls", "arch_specific_syscall", "SYSCALL_MASK", "SYSCALL_BASE", "OABI_SYSCALL_BASE"}


def preprocess(headers, machine, source, dump=True):
    target, includes = MACHINES[machine]
    command = ["clang", "-E", "-P", f"--target={target}", "-nostdinc", "-x", "c", "-"]
    if dump:
        command.insert(2, "-dM")
    command += [f"-isystem{headers / i}" for i in includes]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


def value_of(name, defines, depth=0):
    """The number a macro stands for; None when it is not one."""
    text = defines.get(name, "").strip()
    if depth > 8 or not text:
        return None
    text = re.sub(r"\b[A-Za-z_]\w*", lambda m: str(value_of(m.group(0), defines, depth + 1)), text)
    return eval(text) if re.fullmatch(r"[0-9a-fA-Fx()+\s]+", text) else None


def macros(text):
    return dict(re.findall(r"^#define\s+(\w+)\s+(.+)$", text, re.M))


def syscalls(headers, machine):
    # arm has two numberings: the old one (OABI) only adds calls that EABI dropped.
    sources = ["#include <asm/unistd.h>\n"] + (["#undef __ARM_EABI__\n#include <asm/unistd.h>\n"] if machine == "Arm" else [])
    table = {}
    for source in sources:
        defines = macros(preprocess(headers, machine, source))
        base = value_of("__NR_SYSCALL_BASE", defines) or 0
        for name in defines:
            m = re.fullmatch(r"__NR_(\w+)", name)
            number = value_of(name, defines) if m and m.group(1) not in NOT_CALLS else None
            if number is not None and 0 <= number - base < 2032 and m.group(1) not in table.setdefault(number - base, []):
                table[number - base].append(m.group(1))
    for number, name in AUDIT_NAMES[machine].items():
        table[number] = [name] + sorted(n for n in table[number] if n != name)
    return table


def enum_names(headers, machine, source, pattern):
    text = preprocess(headers, machine, source, dump=False)
    body = re.search(pattern, text, re.S).group(1)
    return [e.split("=")[0].strip() for e in body.split(",") if e.strip()]


def errnos(headers):
    defines = macros(preprocess(headers, "X86_64", "#include <asm-generic/errno.h>\n"))
    table = {}
    for name in defines:
        if re.fullmatch(r"E[A-Z0-9]+", name):
            number = value_of(name, defines)
            if number is not None:
                table.setdefault(number, []).append(name)
    for number, names in table.items():
        names.sort(key=lambda n: (not re.fullmatch(r"\d+", defines[n].strip()), n))  # the name defined by number, then its aliases
    return table


# Requests to the kernel, and ranges: no event has these types.
NOT_EVENTS = {"DAEMON_RECONFIG", "REPLACE", "INTEGRITY_FIRST_MSG", "INTEGRITY_LAST_MSG"}
REQUESTS = set(range(1000, 1005)) | set(range(1007, 1020))


def message_types(headers):
    text = preprocess(headers, "X86_64", "#include <linux/audit.h>\n")
    defines = macros(text)
    user = (headers / "usr/include/libaudit.h").read_text()
    for name, text in re.findall(r"^#define\s+(AUDIT_\w+)\s+(\d+)\b", user, re.M):
        defines.setdefault(name, text)
    table = {}
    for name in sorted(defines):
        number = value_of(name, defines) if name.startswith("AUDIT_") else None
        short = name[6:]
        if number is None or not 1000 <= number < 3000 or number in REQUESTS or short in NOT_EVENTS or re.match(r"(FIRST|LAST)_", short):
            continue
        table.setdefault(number, []).append("APPARMOR" if short == "AA" else short)
    return table


def write(name, summary, properties):
    lines = ["// Generated by eng/generate-tables.py; do not edit.", "namespace LinuxAudit.Rules.Tables;", "",
             f"/// <summary>{summary}</summary>", f"internal static class {name}", "{"]
    for i, (prop, rows) in enumerate(properties):
        lines += ([""] if i else []) + [f"    internal static ReadOnlySpan<byte> {prop} =>", '        """']
        lines += [f"        {number} {text}" for number, text in rows]
        lines += ['        """u8;']
    lines += ["}", ""]
    (OUT / f"{name}.cs").write_text("\n".join(lines))
    print(f"{name}: " + ", ".join(f"{p} {len(r)}" for p, r in properties))


def rows(table):
    return [(number, name) for number in sorted(table) for name in table[number]]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--headers", type=pathlib.Path)
    headers = options.parse_args().headers
    with tempfile.TemporaryDirectory() as temporary:
        if headers is None:
            headers = pathlib.Path(temporary)
        if not (headers / "usr").exists():
            headers.mkdir(exist_ok=True)
            unpack(headers)
        OUT.mkdir(parents=True, exist_ok=True)
        write("SyscallData", "Number and name of every system call, one a line.", [(m, rows(syscalls(headers, m))) for m in MACHINES])
        operations = enum_names(headers, "X86_64", "#include <linux/io_uring.h>\n", r"enum io_uring_op \{(.*?)\}")
        write("UringOperationData", "Number and name of every io_uring operation, one a line.",
              [("Operations", [(i, n.removeprefix("IORING_OP_").lower()) for i, n in enumerate(operations) if n != "IORING_OP_LAST"])])
        write("ErrnoData", "Number and name of every errno, one a line; of several names the first is the one to print.",
              [("Names", rows(errnos(headers)))])
        write("MessageTypeData", "Number and name of every audit message type, one a line.", [("Names", rows(message_types(headers)))])


if __name__ == "__main__":
    sys.exit(main())
