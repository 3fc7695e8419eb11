namespace LinuxAudit.Records;

/// <summary>What is asked of files and memory: names of the values of <c>fcntl.h</c>, <c>linux/mount.h</c>, <c>sys/mman.h</c>, <c>linux/stat.h</c>.</summary>
internal static class FileValues
{
    /// <summary>Flags of open; the access mode is in the lowest two bits.</summary>
    internal static readonly ValueNames OpenFlags = new(
        """
        0x1 O_WRONLY
        0x2 O_RDWR
        0x40 O_CREAT
        0x80 O_EXCL
        0x100 O_NOCTTY
        0x200 O_TRUNC
        0x400 O_APPEND
        0x800 O_NONBLOCK
        0x1000 O_DSYNC
        0x2000 O_ASYNC
        0x4000 O_DIRECT
        0x10000 O_DIRECTORY
        0x20000 O_NOFOLLOW
        0x40000 O_NOATIME
        0x80000 O_CLOEXEC
        0x100000 __O_SYNC
        0x200000 O_PATH
        0x400000 __O_TMPFILE
        """u8);

    /// <summary>How openat2 resolves a path.</summary>
    internal static readonly ValueNames ResolveFlags = new(
        """
        0x1 RESOLVE_NO_XDEV
        0x2 RESOLVE_NO_MAGICLINKS
        0x4 RESOLVE_NO_SYMLINKS
        0x8 RESOLVE_BENEATH
        0x10 RESOLVE_IN_ROOT
        0x20 RESOLVE_CACHED
        """u8);

    /// <summary>What access asks for.</summary>
    internal static readonly ValueNames AccessModes = new(
        """
        0x1 X_OK
        0x2 W_OK
        0x4 R_OK
        """u8);

    /// <summary>Commands of fcntl.</summary>
    internal static readonly ValueNames FcntlCommands = new(
        """
        0 F_DUPFD
        1 F_GETFD
        2 F_SETFD
        3 F_GETFL
        4 F_SETFL
        5 F_GETLK
        6 F_SETLK
        7 F_SETLKW
        8 F_SETOWN
        9 F_GETOWN
        10 F_SETSIG
        11 F_GETSIG
        12 F_GETLK64
        13 F_SETLK64
        14 F_SETLKW64
        15 F_SETOWN_EX
        16 F_GETOWN_EX
        17 F_GETOWNER_UIDS
        36 F_OFD_GETLK
        37 F_OFD_SETLK
        38 F_OFD_SETLKW
        1024 F_SETLEASE
        1025 F_GETLEASE
        1026 F_NOTIFY
        1027 F_DUPFD_QUERY
        1028 F_CREATED_QUERY
        1029 F_CANCELLK
        1030 F_DUPFD_CLOEXEC
        1031 F_SETPIPE_SZ
        1032 F_GETPIPE_SZ
        1033 F_ADD_SEALS
        1034 F_GET_SEALS
        1035 F_GET_RW_HINT
        1036 F_SET_RW_HINT
        1037 F_GET_FILE_RW_HINT
        1038 F_SET_FILE_RW_HINT
        """u8);

    /// <summary>Requests of ioctl.</summary>
    internal static readonly ValueNames IoctlRequests = new(
        """
        0x4b3a KDSETMODE
        0x4b3b KDGETMODE
        0x5309 CDROMEJECT
        0x530f CDROMEJECT_SW
        0x5311 CDROM_GET_UPC
        0x5316 CDROMSEEK
        0x5401 TCGETS
        0x5402 TCSETS
        0x5403 TCSETSW
        0x5404 TCSETSF
        0x5409 TCSBRK
        0x540b TCFLSH
        0x540e TIOCSCTTY
        0x540f TIOCGPGRP
        0x5410 TIOCSPGRP
        0x5412 TIOCSTI
        0x5413 TIOCGWINSZ
        0x5414 TIOCSWINSZ
        0x541b TIOCINQ
        0x5421 FIONBIO
        0x5422 TIOCNOTTY
        0x8901 FIOSETOWN
        0x8903 FIOGETOWN
        0x8910 SIOCGIFNAME
        0x8927 SIOCGIFHWADDR
        0x8933 SIOCGIFINDEX
        0x89a2 SIOCBRADDIF
        0x40045431 TIOCSPTLCK
        0x80045430 TIOCGPTN
        """u8);

    /// <summary>Where lseek starts from.</summary>
    internal static readonly ValueNames SeekOrigins = new(
        """
        0 SEEK_SET
        1 SEEK_CUR
        2 SEEK_END
        3 SEEK_DATA
        4 SEEK_HOLE
        """u8);

    /// <summary>What mmap and mprotect allow.</summary>
    internal static readonly ValueNames Protections = new(
        """
        0x1 PROT_READ
        0x2 PROT_WRITE
        0x4 PROT_EXEC
        0x8 PROT_SEM
        0x1000000 PROT_GROWSDOWN
        0x2000000 PROT_GROWSUP
        """u8);

    /// <summary>Flags of mmap.</summary>
    internal static readonly ValueNames MapFlags = new(
        """
        0x1 MAP_SHARED
        0x2 MAP_PRIVATE
        0x10 MAP_FIXED
        0x20 MAP_ANONYMOUS
        0x40 MAP_32BIT
        0x100 MAP_GROWSDOWN
        0x800 MAP_DENYWRITE
        0x1000 MAP_EXECUTABLE
        0x2000 MAP_LOCKED
        0x4000 MAP_NORESERVE
        0x8000 MAP_POPULATE
        0x10000 MAP_NONBLOCK
        0x20000 MAP_STACK
        0x40000 MAP_HUGETLB
        0x80000 MAP_SYNC
        0x100000 MAP_FIXED_NOREPLACE
        0x4000000 MAP_UNINITIALIZED
        """u8);

    /// <summary>Flags of mount.</summary>
    internal static readonly ValueNames MountFlags = new(
        """
        0x1 MS_RDONLY
        0x2 MS_NOSUID
        0x4 MS_NODEV
        0x8 MS_NOEXEC
        0x10 MS_SYNCHRONOUS
        0x20 MS_REMOUNT
        0x40 MS_MANDLOCK
        0x80 MS_DIRSYNC
        0x400 MS_NOATIME
        0x800 MS_NODIRATIME
        0x1000 MS_BIND
        0x2000 MS_MOVE
        0x4000 MS_REC
        0x8000 MS_SILENT
        0x10000 MS_POSIXACL
        0x20000 MS_UNBINDABLE
        0x40000 MS_PRIVATE
        0x80000 MS_SLAVE
        0x100000 MS_SHARED
        0x200000 MS_RELATIME
        0x400000 MS_KERNMOUNT
        0x800000 MS_I_VERSION
        0x1000000 MS_STRICTATIME
        0x2000000 MS_LAZYTIME
        0x4000000 MS_SUBMOUNT
        0x8000000 MS_SNAP_STABLE
        0x10000000 MS_NOSEC
        0x20000000 MS_BORN
        0x40000000 MS_ACTIVE
        0x80000000 MS_NOUSER
        """u8);

    /// <summary>Flags of umount2.</summary>
    internal static readonly ValueNames UnmountFlags = new(
        """
        0x1 MNT_FORCE
        0x2 MNT_DETACH
        0x4 MNT_EXPIRE
        0x8 UMOUNT_NOFOLLOW
        0x80000000 UMOUNT_UNUSED
        """u8);

    /// <summary>Operations of epoll_ctl.</summary>
    internal static readonly ValueNames EpollOperations = new(
        """
        1 EPOLL_CTL_ADD
        2 EPOLL_CTL_DEL
        3 EPOLL_CTL_MOD
        """u8);

    /// <summary>Flags of shmget above its mode.</summary>
    internal static readonly ValueNames SharedMemoryFlags = new(
        """
        0x200 IPC_CREAT
        0x400 IPC_EXCL
        0x800 SHM_HUGETLB
        0x1000 SHM_NORESERVE
        """u8);

    /// <summary>How the kernel looked a path up, in decisions of fanotify and records of links.</summary>
    internal static readonly ValueNames PathFlags = new(
        """
        0x1 follow
        0x2 directory
        0x4 continue
        0x10 parent
        0x20 noalt
        0x40 atomic
        0x100 open
        0x200 create
        0x400 access
        """u8);

    /// <summary>Kinds of files, the upper bits of a mode.</summary>
    internal static readonly ValueNames FileTypes = new(
        """
        0x1000 fifo
        0x2000 character
        0x4000 dir
        0x6000 block
        0x8000 file
        0xa000 link
        0xc000 socket
        """u8);
}
