// Makes one process of nearly every kind of audit event a machine can make without lasting effect.
//   workload ROUNDS DIRECTORY
// Run as root with a login uid of its own, so that rules can select by `-F auid=`. Everything dangerous
// (namespaces, mounts, uids, seccomp, signals) happens in a child, everything on disk below DIRECTORY.
// Written by hand with raw system calls: what matters is the record, most calls may fail.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static unsigned seed;
static int current_round;
static unsigned pick(unsigned n) { seed = seed * 1103515245u + 12345u; return (seed >> 16) % n; }

// in_child(f): runs f in a child and waits for it.
static void in_child(void (*f)(void)) {
    pid_t pid = fork();
    if (pid == 0) { f(); _exit((int)pick(3)); }
    waitpid(pid, NULL, 0);
}

static void quiet(void) {
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0); dup2(null, 1); dup2(null, 2);
}

static void files(void) {
    static const char *names[] = {
        "plain", "with space", "new\nline", "quo\"te", "group\x1dseparator", "caf\xc3\xa9", "bad\xff\xfeutf8", "tab\there", "type=EXECVE msg=audit(1.000:1): argc=1 a0=\"x\"", "it's", "back\\slash", "(null)", "60616263",
    };
    static const int flags[] = {
        O_RDONLY, O_WRONLY | O_CREAT, O_RDWR | O_CREAT | O_TRUNC, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, O_WRONLY | O_APPEND | O_NONBLOCK,
        O_RDONLY | O_DIRECTORY, O_RDWR | O_CREAT | O_EXCL, O_PATH, O_RDONLY | O_NOATIME, O_WRONLY | O_SYNC, O_RDWR | O_DSYNC, O_TMPFILE | O_RDWR, O_RDONLY | O_NOCTTY | O_ASYNC,
    };
    static const mode_t modes[] = { 0600, 0644, 0755, 04755, 02750, 01777, 0, 0777, 06711 };
    const char *name = names[pick(sizeof names / sizeof *names)];
    int fd = (int)syscall(SYS_openat, AT_FDCWD, name, flags[pick(sizeof flags / sizeof *flags)], modes[pick(9)]);
    syscall(SYS_open, name, flags[pick(sizeof flags / sizeof *flags)], modes[pick(9)]);
    fd = (int)syscall(SYS_creat, name, modes[pick(9)]);
    write(fd, "x", 1);
    lseek(fd, 1, (int)pick(5));
    fchmod(fd, modes[pick(9)]);
    fchown(fd, pick(10), pick(10));
    ftruncate(fd, pick(100));
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    fcntl(fd, F_DUPFD_CLOEXEC, 100);
    fcntl(fd, F_SETOWN, getpid());
    struct flock lock = { .l_type = F_WRLCK };
    fcntl(fd, F_SETLK, &lock);
    ioctl(fd, FIONREAD, &fd);
    ioctl(0, TCGETS, &lock);
    ioctl(0, TIOCGWINSZ, &lock);
    close(fd);
    chmod(name, modes[pick(9)]);
    chown(name, pick(70000), pick(10));
    lchown(name, pick(10), (gid_t)-1);
    access(name, (int)pick(8));
    syscall(SYS_faccessat, AT_FDCWD, name, pick(8));
    syscall(SYS_faccessat2, AT_FDCWD, name, pick(8), AT_EACCESS);
    struct stat st;
    stat(name, &st);
    syscall(SYS_newfstatat, AT_FDCWD, "/nonexistent/path", &st, 0);
    truncate(name, 10);
    mkdir("dir", modes[pick(9)]);
    mkdirat(AT_FDCWD, "dir2", 0700);
    mknod("fifo", S_IFIFO | 0640, 0);
    mknod("null", S_IFCHR | 0666, 0x103);
    mknod("disk", S_IFBLK | 0600, 0x700);
    fchmodat(AT_FDCWD, "fifo", modes[pick(9)], 0);
    fchownat(AT_FDCWD, "fifo", 65534, 65534, 0);
    symlink(name, "link");
    readlink("link", (char *)&st, sizeof st);
    link(name, "hard");
    linkat(AT_FDCWD, name, AT_FDCWD, "hard2", 0);
    rename("hard", "renamed");
    renameat2(AT_FDCWD, "hard2", AT_FDCWD, "renamed2", RENAME_NOREPLACE);
    syscall(SYS_setxattr, name, "user.aks", "v", 1, 0);
    syscall(SYS_removexattr, name, "user.aks");
    utimensat(AT_FDCWD, name, NULL, 0);
    struct timeval tv[2] = { { 1, 0 }, { 1, 0 } };
    utimes(name, tv);
    struct { uint64_t flags, mode, resolve; } how = { O_RDONLY | O_CLOEXEC, 0, pick(32) };
    syscall(SYS_openat2, AT_FDCWD, name, &how, sizeof how);
    unlink("link"); unlink("renamed"); unlink("renamed2"); unlink("fifo"); unlink("null"); unlink("disk");
    unlinkat(AT_FDCWD, "dir", AT_REMOVEDIR);
    rmdir("dir2");
    unlink(name);
    unlink("/nonexistent");
    char cwd[4096];
    getcwd(cwd, sizeof cwd);
    mkdir("a dir", 0755);
    chdir("a dir");
    open("../inside", O_RDONLY);
    chdir("..");
}

static void memory(void) {
    void *p = mmap(NULL, 8192, (int)pick(8), MAP_PRIVATE | MAP_ANONYMOUS | (pick(2) ? MAP_NORESERVE : 0), -1, 0);
    mprotect(p, 4096, (int)pick(8));
    mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE | MAP_LOCKED, -1, 0);
    int fd = open("/proc/self/exe", O_RDONLY);
    mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
    munmap(p, 8192);
    madvise(p, 4096, MADV_DONTNEED);
    syscall(SYS_memfd_create, "secret name", 1);
    brk(NULL);
    close(fd);
}

static void talk(int family, int type, int protocol, const void *address, socklen_t length) {
    int fd = socket(family, type, protocol);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    int one = 1;
    setsockopt(fd, SOL_SOCKET, pick(2) ? SO_REUSEADDR : SO_BROADCAST, &one, sizeof one);
    if (pick(2)) bind(fd, address, length);
    connect(fd, address, length);
    sendto(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL, address, length);
    struct iovec io = { "y", 1 };
    struct msghdr m = { .msg_name = (void *)address, .msg_namelen = length, .msg_iov = &io, .msg_iovlen = 1 };
    sendmsg(fd, &m, MSG_DONTWAIT | (pick(2) ? MSG_OOB : MSG_MORE));
    char buffer[16];
    recvfrom(fd, buffer, sizeof buffer, MSG_DONTWAIT | (int)(pick(2) ? MSG_PEEK : MSG_TRUNC), NULL, NULL);
    listen(fd, 1);
    accept4(fd, NULL, NULL, SOCK_NONBLOCK);
    getsockopt(fd, SOL_SOCKET, SO_ERROR, buffer, &length);
    shutdown(fd, (int)pick(3));
    close(fd);
}

// auditd 3.0.9 writes the path of a Unix socket into its enriched log as it is: this is a whole line of its own there.
#define FORGED "/tmp/x\ntype=USER_LOGIN msg=audit(1.000:1): pid=1 uid=0 auid=0 ses=1 msg='op=login id=0 res=success'"

static void sockets(void) {
    struct sockaddr_in in4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)(9 + pick(2000))), .sin_addr.s_addr = htonl(0x7f000001u + pick(5)) };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)(9 + pick(2000))) };
    inet_pton(AF_INET6, pick(2) ? "::1" : "fe80::1:2:3", &in6.sin6_addr);
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    static const char *paths[] = { "sock", "/run/a b", "\0abstract", "\0with\0zero", "/tmp/\x1dgroup", "/tmp/quo\"te\nline", FORGED };
    static const socklen_t lengths[] = { 4, 8, 9, 10, 11, 16, sizeof FORGED - 1 };
    unsigned n = pick(7);
    memcpy(un.sun_path, paths[n], lengths[n]);
    struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_pid = pick(3), .nl_groups = pick(3) };
    struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_protocol = htons(0x800), .sll_ifindex = 1 };
    struct sockaddr_vm vm = { .svm_family = AF_VSOCK, .svm_port = 1024, .svm_cid = 1 };
    struct sockaddr none = { .sa_family = AF_UNSPEC };
    int udp = (int)pick(2);
    talk(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, udp ? IPPROTO_UDP : IPPROTO_TCP, &in4, sizeof in4);
    talk(AF_INET6, udp ? SOCK_DGRAM : SOCK_STREAM | SOCK_CLOEXEC, 0, &in6, sizeof in6);
    talk(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, &in6, sizeof in6);
    talk(AF_UNIX, udp ? SOCK_DGRAM : SOCK_STREAM, 0, &un, (socklen_t)(2 + lengths[n]));
    talk(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, &nl, sizeof nl);
    talk(AF_PACKET, SOCK_DGRAM, htons(0x800), &ll, sizeof ll);
    talk(AF_VSOCK, SOCK_STREAM, 0, &vm, sizeof vm);
    talk(AF_INET, SOCK_DGRAM, 0, &none, sizeof none);
    talk(AF_INET, SOCK_STREAM, 0, &in4, 3);
    socket(AF_BLUETOOTH, SOCK_RAW, 1);
    socket(99, 77, 55);
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    pipe(pair);
    pipe2(pair, O_CLOEXEC);
    int e = epoll_create1(0);
    struct epoll_event event = { 0 };
    epoll_ctl(e, EPOLL_CTL_ADD, pair[0], &event);
    epoll_ctl(e, EPOLL_CTL_DEL, pair[0], &event);
    for (int i = 3; i < 200; i++) close(i);
}

static void ids(void) {
    setgid(5); setregid(1, 2); setresgid(1, 2, 3); setfsgid(4);
    gid_t groups[] = { 1, 2 };
    syscall(SYS_setgroups, 2, groups);
    switch (pick(4)) {
        case 0: setuid(65534); break;
        case 1: setreuid(1, 2); break;
        case 2: setresuid(1, 2, 3); break;
        default: setfsuid(7); setuid(1); break;
    }
    if (geteuid() == 0) return;
    setuid(0);
    open("/etc/shadow", O_RDONLY);
    open("/root/x", O_WRONLY | O_CREAT, 0600);
    kill(1, SIGTERM);
    mount("none", "/mnt", "tmpfs", 0, NULL);
    chown("/etc/passwd", 1, 1);
    syscall(SYS_reboot, 0, 0, 0, 0);
    struct timespec t = { 0 };
    clock_settime(CLOCK_REALTIME, &t);
}

static void namespaces(void) {
    if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC)) return;
    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    mount("tmpfs", "/mnt", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=1m");
    mkdir("/mnt/in", 0755);
    mount("/mnt", "/mnt/in", NULL, MS_BIND, NULL);
    mount(NULL, "/mnt", NULL, MS_REMOUNT | MS_RDONLY | MS_BIND, NULL);
    umount2("/mnt/in", MNT_DETACH);
    umount2("/mnt", MNT_FORCE | UMOUNT_NOFOLLOW);
    sethostname("other", 5);
    syscall(SYS_setdomainname, "other", 5);
    int fd = open("/proc/self/ns/net", O_RDONLY);
    setns(fd, CLONE_NEWNET);
    syscall(SYS_pivot_root, "/mnt", "/mnt/in");
    chroot("/mnt");
    system("/usr/sbin/ip link set lo up 2>/dev/null; /usr/sbin/ip link add d0 type dummy 2>/dev/null && /usr/sbin/ip link set d0 promisc on up && /usr/sbin/ip link set d0 promisc off");
    struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_protocol = htons(3), .sll_ifindex = 1 };
    int raw = socket(AF_PACKET, SOCK_RAW, htons(3));
    bind(raw, (void *)&ll, sizeof ll);
    struct packet_mreq req = { .mr_ifindex = 1, .mr_type = PACKET_MR_PROMISC };
    setsockopt(raw, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &req, sizeof req);
}

static void netfilter(void) {
    if (unshare(CLONE_NEWNET)) return;
    system("/usr/sbin/iptables-nft -N AKS 2>/dev/null && /usr/sbin/iptables-nft -A AKS -j ACCEPT 2>/dev/null && /usr/sbin/iptables-nft -F AKS && /usr/sbin/iptables-nft -X AKS;"
           "/usr/sbin/iptables-legacy -A INPUT -i lo -j ACCEPT 2>/dev/null && /usr/sbin/iptables-legacy -F 2>/dev/null;"
           "/usr/sbin/iptables-legacy -A OUTPUT -p icmp -j AUDIT --type accept 2>/dev/null; /usr/sbin/ip link set lo up");
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001) };
    int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    unsigned char echo[8] = { 8, 0, 0xf7, 0xff };
    sendto(fd, echo, sizeof echo, 0, (void *)&to, sizeof to);
}

static void traced(void) { ptrace(PTRACE_TRACEME, 0, 0, 0); raise(SIGSTOP); }

static void tracing(void) {
    pid_t pid = fork();
    if (pid == 0) { traced(); _exit(0); }
    int status;
    waitpid(pid, &status, WUNTRACED);
    ptrace(PTRACE_PEEKUSER, pid, 0, 0);
    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
    ptrace(PTRACE_CONT, pid, 0, 0);
    waitpid(pid, &status, 0);
    pid = fork();
    if (pid == 0) { pause(); _exit(0); }
    ptrace(PTRACE_ATTACH, pid, 0, 0);
    waitpid(pid, &status, WUNTRACED);
    ptrace(PTRACE_DETACH, pid, 0, 0);
    kill(pid, pick(2) ? SIGUSR1 : SIGTERM);
    syscall(SYS_tgkill, pid, pid, SIGKILL);
    syscall(SYS_tkill, pid, SIGKILL);
    waitpid(pid, &status, 0);
}

static void abend(void) {
    static const int signals[] = { SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS, SIGTRAP };
    struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGABRT, SIG_DFL);
    raise(signals[pick(6)]);
}

static void seccomp(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getuid, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getgid, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, &program);
    syscall(SYS_getuid);
    syscall(SYS_getgid);
    if (pick(2)) syscall(SYS_getppid);
}

static void bpf(void) {
    struct bpf_insn code[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0 }, { .code = BPF_JMP | BPF_EXIT } };
    union bpf_attr load = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insn_cnt = 2, .insns = (uintptr_t)code, .license = (uintptr_t)"GPL" };
    close((int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load));
    union bpf_attr map = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1 };
    close((int)syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map));
    syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &map, sizeof map);
}

static void ipc(void) {
    int shm = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    struct shmid_ds ds = { 0 };
    shmctl(shm, IPC_STAT, &ds);
    ds.shm_perm.mode = 0640; ds.shm_perm.uid = 1; ds.shm_perm.gid = 2;
    shmctl(shm, IPC_SET, &ds);
    shmctl(shm, IPC_RMID, NULL);
    int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0666);
    msgctl(queue, IPC_RMID, NULL);
    int sem = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    semctl(sem, 0, IPC_RMID);
    struct { long flags, maxmsg, msgsize, cur, pad[4]; } attr = { 0, 10, 100, 0, { 0 } }, old;
    int mq = (int)syscall(SYS_mq_open, "aks", O_RDWR | O_CREAT, 0600, &attr);
    struct timespec now = { 0 };
    syscall(SYS_mq_timedsend, mq, "m", 1, 5, &now);
    syscall(SYS_mq_timedreceive, mq, &old, 100, NULL, &now);
    struct sigevent notify = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
    syscall(SYS_mq_notify, mq, &notify);
    syscall(SYS_mq_getsetattr, mq, &attr, &old);
    syscall(SYS_mq_unlink, "aks");
}

static void processes(void) {
    prctl(PR_SET_NAME, pick(2) ? "a name" : "quo\"ted");
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_CAPBSET_DROP, 20 + pick(5));
    struct { uint32_t version; int pid; } header = { 0x20080522, 0 };
    uint32_t caps[6] = { ~0u >> pick(8), ~0u, 0, ~0u, ~0u, 0 };
    syscall(SYS_capset, &header, caps);
    struct rlimit limit = { 100, 200 };
    setrlimit((int)pick(16), &limit);
    getrlimit((int)pick(16), &limit);
    setpriority(PRIO_PROCESS, 0, 5);
    struct sched_param param = { 0 };
    sched_setscheduler(0, pick(2) ? SCHED_BATCH : SCHED_IDLE, &param);
    syscall(SYS_personality, 8);
    signal(SIGUSR2, SIG_IGN);
    umask(077);
    syscall(SYS_sethostname, "", -1);
    syscall(SYS_init_module, NULL, 0, "");
    syscall(SYS_finit_module, -1, "", 0);
    syscall(SYS_delete_module, "no_such_module", O_NONBLOCK);
    syscall(SYS_keyctl, 0, -3, 0);
    syscall(SYS_swapon, "/nonexistent", 0);
    syscall(SYS_acct, "/nonexistent");
    syscall(SYS_quotactl, 0x80000300, "/nonexistent", 0, 0);
    syscall(SYS_io_setup, 0, NULL);
    syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0);
    syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0);
    syscall(SYS_clock_settime, pick(3), NULL);
    syscall(SYS_fanotify_init, 0, 0);
    syscall(SYS_inotify_init1, 0);
    syscall(SYS_pidfd_open, getpid(), 0);
    syscall(SYS_clone3, NULL, 0);
    syscall(SYS_landlock_create_ruleset, NULL, 0, 0);
    syscall(461, 0, 0, 0, 0);
    syscall(1000 + pick(10), 1, 2, 3, 4);
    struct timex timex = { .modes = ADJ_TICK, .tick = 10000 };
    syscall(SYS_adjtimex, &timex);
}

static void adjust_time(void) {
    struct timex timex = { .modes = ADJ_FREQUENCY };
    struct timex now = { 0 };
    adjtimex(&now);
    timex.freq = now.freq + 65536;
    adjtimex(&timex);
    timex.freq = now.freq;
    adjtimex(&timex);
}

static void uring(void) {
    struct io_uring_params p = { 0 };
    int ring = (int)syscall(SYS_io_uring_setup, 4, &p);
    if (ring < 0) return;
    char *sq = mmap(NULL, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
    struct io_uring_sqe *sqe = mmap(NULL, p.sq_entries * sizeof *sqe, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
    memset(sqe, 0, 2 * sizeof *sqe);
    sqe[0].opcode = IORING_OP_OPENAT; sqe[0].fd = AT_FDCWD; sqe[0].addr = (uintptr_t)"/etc/hostname"; sqe[0].open_flags = O_RDONLY;
    sqe[1].opcode = IORING_OP_UNLINKAT; sqe[1].fd = AT_FDCWD; sqe[1].addr = (uintptr_t)"nothing";
    ((unsigned *)(sq + p.sq_off.array))[0] = 0;
    ((unsigned *)(sq + p.sq_off.array))[1] = 1;
    *(volatile unsigned *)(sq + p.sq_off.tail) += 2;
    syscall(SYS_io_uring_enter, ring, 2, 2, 1, NULL, 0);
    close(ring);
}

// say(type, text): a message to the audit system, as a program with CAP_AUDIT_WRITE sends it.
static void say_bytes(int type, const void *text, size_t length) {
    struct { struct nlmsghdr header; char text[8900]; } message = { { 0 }, { 0 } };
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
    message.header.nlmsg_len = (uint32_t)NLMSG_LENGTH(length);
    message.header.nlmsg_type = (uint16_t)type;
    message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    memcpy(message.text, text, length);
    sendto(fd, &message, message.header.nlmsg_len, 0, (void *)&kernel, sizeof kernel);
    close(fd);
}
static void say(int type, const char *text) { say_bytes(type, text, strlen(text) + 1); }

static void messages(void) {
    say(1100, "op=PAM:authentication grantors=pam_unix acct=\"root\" exe=\"/usr/bin/su\" hostname=? addr=? terminal=/dev/pts/1 res=success");
    say(1101, "op=PAM:accounting grantors=? acct=\"nobody\" exe=\"/usr/sbin/sshd\" hostname=10.1.2.3 addr=10.1.2.3 terminal=ssh res=failed");
    say(1103, "op=PAM:setcred grantors=pam_unix acct=\"root\" exe=\"/usr/sbin/cron\" hostname=? addr=? terminal=cron res=success");
    say(1104, "op=PAM:setcred grantors=pam_unix acct=\"root\" exe=\"/usr/sbin/cron\" hostname=? addr=? terminal=cron res=success");
    say(1105, "op=PAM:session_open grantors=pam_unix,pam_limits acct=\"root\" exe=\"/usr/sbin/cron\" hostname=? addr=? terminal=cron res=success");
    say(1106, "op=PAM:session_close grantors=pam_unix acct=\"root\" exe=\"/usr/sbin/cron\" hostname=? addr=? terminal=cron res=success");
    say(1108, "op=PAM:chauthtok grantors=pam_unix acct=\"daemon\" exe=\"/usr/bin/passwd\" hostname=node1 addr=? terminal=pts/0 res=success");
    say(1112, "op=login id=0 exe=\"/usr/sbin/sshd\" hostname=10.1.2.3 addr=10.1.2.3 terminal=/dev/pts/2 res=success");
    say(1112, "op=login acct=28756E6B6E6F776E207573657229 exe=\"/usr/sbin/sshd\" hostname=? addr=192.0.2.7 terminal=sshd res=failed");
    say(1113, "op=logout id=0 exe=\"/usr/sbin/sshd\" hostname=? addr=? terminal=/dev/pts/2 res=success");
    say(1114, "op=add-user acct=\"alice\" exe=\"/usr/sbin/useradd\" hostname=? addr=? terminal=pts/0 res=success");
    say(1115, "op=delete-user id=1001 exe=\"/usr/sbin/userdel\" hostname=? addr=? terminal=pts/0 res=failed");
    say(1116, "op=add-group acct=\"staff2\" exe=\"/usr/sbin/groupadd\" hostname=? addr=? terminal=pts/0 res=success");
    say(1123, "cwd=\"/root\" cmd=6C73202D6C61202F726F6F74 exe=\"/usr/bin/sudo\" terminal=pts/0 res=success");
    say(1123, "cwd=\"/root\" cmd=\"id\" exe=\"/usr/bin/sudo\" terminal=? res=failed");
    say(1124, "data=6C730D");
    say(1127, " comm=\"systemd-update-utmp\" exe=\"/usr/lib/systemd/systemd-update-utmp\" hostname=? addr=? terminal=? res=success");
    say(1130, "unit=cron comm=\"systemd\" exe=\"/usr/lib/systemd/systemd\" hostname=? addr=? terminal=? res=success");
    say(1131, "unit=apt-daily comm=\"systemd\" exe=\"/usr/lib/systemd/systemd\" hostname=? addr=? terminal=? res=failed");
    say(1137, "op=change-device device=\"usb\" exe=\"/usr/bin/usbguard\" hostname=? addr=? terminal=? res=success");
    say(1138, "op=install sw=\"openssl-3.0.11\" sw_type=deb key_enforce=0 gpg_res=1 root_dir=\"/\" exe=\"/usr/bin/apt\" hostname=? addr=? terminal=? res=success");
    say(2100, "op=login_failures acct=\"root\" exe=\"/usr/sbin/sshd\" hostname=? addr=192.0.2.9 terminal=ssh res=failed");
    say(2300, "op=assign-role new_seuser=staff_u acct=\"root\" exe=\"/usr/sbin/semanage\" hostname=? addr=? terminal=? res=success");
    say(2404, "op=destroy kind=server fp=SHA256:00:11:22 direction=? spid=100 suid=0  exe=\"/usr/sbin/sshd\" hostname=? addr=? terminal=? res=success");
    say(2500, "virt=qemu op=start reason=booted vm=\"guest\" uuid=00000000-0000-0000-0000-000000000000 vm-pid=1 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success");
    say(1107, "avc:  denied  { start } for auid=0 uid=0 gid=0 path=\"/usr/lib/x.service\" scontext=a:b:c:s0 tcontext=d:e:f:s0 tclass=service  exe=\"/usr/lib/systemd/systemd\" sauid=0 hostname=? addr=? terminal=?");
    // Hostile: ends its own message, forges fields, a second record, an enriched part.
    say(1100, "x' uid=0 auid=0 msg='op=PAM:authentication acct=\"root\" res=success");
    say(1111, "op=x res=success'\n type=EXECVE msg=audit(1700000000.000:1): argc=1 a0=\"forged\"");
    say(1111, "op=x acct=\"root\nres=success");
    say(1111, "op=x res=success'\x1dUID=\"forged\" AUID=\"forged\"");
    say(1111, "\xff\xfe broken \x01 utf8 res=failed");
    say(1111, "");
    static char large[8000];
    memset(large, 'A', sizeof large - 1);
    say(1111, large);
    say_bytes(1124, "typed \r\x03\0more", 14);
}

static void typing(void) {
    struct audit_tty_status on = { .enabled = 1, .log_passwd = 0 };
    setsid();
    say_bytes(AUDIT_TTY_SET, &on, sizeof on);
    int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), n = 0, unlock = 0;
    ioctl(master, TIOCGPTN, &n);
    ioctl(master, TIOCSPTLCK, &unlock);
    char name[32], buffer[64];
    snprintf(name, sizeof name, "/dev/pts/%d", n);
    int terminal = open(name, O_RDWR);
    write(master, "ls -l \x1b[A\tx\x7f\n", 13);
    read(terminal, buffer, sizeof buffer);
}

static void listening(void) {
    struct sockaddr_nl group = { .nl_family = AF_NETLINK, .nl_groups = 1 };
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
    bind(fd, (void *)&group, sizeof group);
    close(fd);
}

static void denying(void) {
    int fd = fanotify_init(FAN_CLASS_CONTENT | FAN_ENABLE_AUDIT | FAN_NONBLOCK, O_RDONLY);
    close(open("guarded", O_WRONLY | O_CREAT, 0600));
    fanotify_mark(fd, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, "guarded");
    pid_t pid = fork();
    if (pid == 0) { open("guarded", O_RDONLY); _exit(0); }
    for (int i = 0; i < 200; i++) {
        struct fanotify_event_metadata event;
        if (read(fd, &event, sizeof event) <= 0) { usleep(500); continue; }
        struct fanotify_response answer = { event.fd, (pick(2) ? FAN_DENY : FAN_ALLOW) | FAN_AUDIT };
        write(fd, &answer, sizeof answer);
        break;
    }
    close(fd);
    waitpid(pid, NULL, 0);
}

// A link in a sticky directory that belongs to someone else: /proc/sys/fs/protected_* refuses it.
static void links(void) {
    umask(0);
    mkdir("sticky", 01777);
    chmod("sticky", 01777);
    chown("sticky", 2, 2);
    pid_t pid = fork();
    if (pid == 0) {
        setuid(1);
        symlink("/etc/hostname", "sticky/link");
        close(open("sticky/file", O_WRONLY | O_CREAT, 0666));
        link("/etc/shadow", "sticky/hard");
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    open("sticky/link", O_RDONLY);
    open("sticky/file", O_WRONLY | O_CREAT, 0666);
    unlink("sticky/link");
    unlink("sticky/file");
}

static void compat(void) {
#ifdef __x86_64__
    // int 0x80: the 32-bit table, arch=40000003. mkdir, chmod, socketcall, getuid, personality
    static const unsigned numbers[] = { 39, 15, 102, 24, 136, 20, 5, 11, 54, 37 };
    for (unsigned i = 0; i < 10; i++) {
        long result;
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(numbers[i]), "b"(1L + pick(5)), "c"(0x1edL), "d"(2L), "S"(3L) : "r8", "r9", "r10", "r11", "memory");
    }
#endif
}

static void executing(void) {
    quiet();
    static char big[40000], *many[1600];
    char *argv[] = { "true", "plain", "with space", "quo\"te", "new\nline", "", "caf\xc3\xa9", "bad\xff", "group\x1dsep", "type=EXECVE msg=audit(1.0:1): argc=1", "(null)", "6162", "a[0]=x a0_len=5", NULL };
    char *environ_[] = { NULL };
    switch (current_round % 12) {
        case 0:
            memset(big, 'x', sizeof big - 1); memset(big, '"', pick(2));
            argv[2] = big; break;
        case 1:
            for (int i = 0; i < 1500; i++) many[i] = i % 7 ? "arg" : "an arg";
            execve("/bin/true", many, environ_); break;
        case 2: execve("/nonexistent/program", argv, environ_); break;
        case 3: syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv, environ_, 0); break;
        case 4: argv[0] = "sh"; argv[1] = "-c"; argv[2] = "id; ls /nonexistent; cat /etc/hostname | wc -c"; argv[3] = NULL; execve("/bin/sh", argv, environ_); break;
        case 5: { char *no[] = { NULL }; execve("/bin/true", no, environ_); break; }
        case 6: { int fd = open("script", O_WRONLY | O_CREAT | O_TRUNC, 0755); write(fd, "#!/bin/sh -e\ntrue\n", 18); close(fd); execve("./script", argv, environ_); break; }
        case 7: setuid(65534); execve("/usr/bin/chfn", argv, environ_); execve("/bin/su", argv, environ_); break;
        default: break;
    }
    execve("/bin/true", argv, environ_);
}

int main(int argc, char **argv) {
    if (argc != 3) { fprintf(stderr, "usage: workload ROUNDS DIRECTORY\n"); return 2; }
    if (chdir(argv[2])) { perror(argv[2]); return 1; }
    static void (*const work[])(void) = { files, memory, sockets, ids, namespaces, netfilter, tracing, abend, seccomp, bpf, ipc, processes, uring, messages, typing, listening, denying, links, compat, executing };
    enum { Kinds = sizeof work / sizeof *work };
    int rounds = atoi(argv[1]);
    seed = 20261122;
    adjust_time();
    for (current_round = 0; current_round < rounds; current_round++)
        for (unsigned i = 0; i < Kinds; i++) {
            pick(2);
            // Namespaces and netfilter start programs and take the longest: one round in sixteen.
            if ((work[i] == namespaces || work[i] == netfilter) && current_round % 16) continue;
            in_child(work[i]);
        }
    return 0;
}
