using System.Globalization;

namespace EndToEnd.Tests.Rules;

/// <summary>Rule lines: every field with every operator on every list with every action once, and random ones for ever.</summary>
internal sealed class RuleGrammar(int seed)
{
    public static readonly string[] Lists = ["task", "exit", "user", "exclude", "filesystem"];
    public static readonly string[] Actions = ["always", "never"];
    public static readonly string[] Operators = ["=", "!=", "<", "<=", ">", ">=", "&", "&="];

    /// <summary>Values per field, the first of each a plain one.</summary>
    public static readonly (string Field, string[] Values)[] Fields =
    [
        ("pid", ["1", "0", "4194304", "4294967295", "-1", "0x10", "x"]),
        ("uid", ["0", "1000", "root", "daemon", "nosuchuser", "-1", "-2", "unset", "4294967294", "010", "0x3e8"]),
        ("euid", ["0", "daemon", "-1"]), ("suid", ["0", "1"]), ("fsuid", ["0", "65534"]),
        ("gid", ["0", "root", "daemon", "nosuchgroup", "-1", "4294967295", "unset"]),
        ("egid", ["0", "5"]), ("sgid", ["0", "5"]), ("fsgid", ["0", "5"]),
        ("auid", ["1000", "unset", "-1", "4294967295", "root", "0"]), ("loginuid", ["1000"]),
        ("pers", ["0", "8", "-1", "4294967295"]),
        ("arch", ["b64", "b32", "x86_64", "i386", "i686", "B64", "0xc000003e", "c000003e", "3221225534", "aarch64", "arm", "ppc64", "s390x", "b16", "arm64", "0x5"]),
        ("msgtype", ["CWD", "1300", "USER_LOGIN", "cwd", "NOSUCH", "1137", "99999", "0"]),
        ("subj_user", ["u", "a=b"]), ("subj_role", ["r"]), ("subj_type", ["t_t"]), ("subj_sen", ["s0"]), ("subj_clr", ["s0:c1.c5"]),
        ("ppid", ["1", "-1", "4294967295"]),
        ("obj_user", ["u"]), ("obj_role", ["r"]), ("obj_type", ["t_t"]), ("obj_lev_low", ["s0"]), ("obj_lev_high", ["s0"]),
        ("sessionid", ["5", "unset", "-1", "4294967295"]),
        ("fstype", ["tracefs", "debugfs", "0xef53", "61267", "nosuchfs", "4294967294"]),
        ("devmajor", ["8", "-1", "4294967295"]), ("devminor", ["1", "0x1"]), ("inode", ["100", "4294967295"]),
        ("exit", ["0", "-EPERM", "EPERM", "-EACCES", "-EWOULDBLOCK", "-1", "-133", "-530", "-4096", "2147483647", "-ENOSUCH", "-0x5", "0x10"]),
        ("success", ["1", "0", "2", "yes", "-1"]),
        ("path", ["/etc/passwd", "/etc", "/etc/nosuchfile", "/etc/", "/", "/nosuchdir/x", "etc/passwd", "/etc//passwd", "/etc/../etc/hosts", "/etc/."]),
        ("perm", ["wa", "r", "rwxa", "RWXA", "z", "wwww", "wwwww", "x"]),
        ("dir", ["/etc", "/etc/", "/", "/nosuchdir", "/etc/passwd", "etc", "/usr//lib", "/etc/."]),
        ("filetype", ["file", "dir", "socket", "link", "character", "block", "fifo", "FIFO", "nosuch", "32768"]),
        ("obj_uid", ["0", "root", "-1", "5"]), ("obj_gid", ["0", "root", "-1", "5"]),
        ("exe", ["/usr/bin/ls", "/usr/bin/nosuch", "/nosuchdir/x", "/usr/bin/", "ls", "/usr/bin"]),
        ("saddr_fam", ["2", "10", "45", "46", "0"]),
        ("a0", ["5", "0x80000000", "-1", "0", "010", "4294967295", "-0x1", "x"]), ("a1", ["5"]), ("a2", ["0xFFFF"]), ("a3", ["07"]),
        ("key", ["k", "a=b", "two\\ words", ""]),
    ];

    // No task has this pid. A task list's rule says for the whole life of what is started meanwhile whether it is recorded: of this program's threads too.
    private const string OfNoTask = " -F pid=4194304";

    private static readonly string[] Compared = ["auid", "uid", "euid", "suid", "fsuid", "obj_uid", "gid", "egid", "sgid", "fsgid", "obj_gid", "pid", "nosuch"];
    private static readonly string[] Syscalls =
        ["open", "openat", "execve", "59", "0x3b", "all", "read,write", "kill,59", "OPEN", "pread", "nosuch", "2031", "450", "335", "500", "socketcall", "mmap2", "open,", ",open"];

    private readonly Random _random = new(seed);

    /// <summary>Field × operator × list × action.</summary>
    public static IEnumerable<string> Matrix() =>
        from field in Fields
        from op in Operators
        from list in Lists
        from action in Actions
        let syscalls = field.Field == "key" && list == "exit" ? "-S all " : ""
        let needed = field.Field != "fstype" && list == "filesystem" ? "-F fstype=tracefs " : ""
        select $"-a {action},{list} {syscalls}{needed}-F {field.Field}{op}{field.Values[0]}{(list == "task" ? OfNoTask : "")}";

    /// <summary>Field compared with field, each with each.</summary>
    public static IEnumerable<string> Comparisons() =>
        from left in Compared
        from right in Compared
        from op in new[] { "=", "!=", ">" }
        where op != ">" || left == "uid"
        select $"-a always,exit -C {left}{op}{right}";

    /// <summary>Every value of every field, on the list that suits it.</summary>
    public static IEnumerable<string> Values() =>
        from field in Fields
        from value in field.Values
        let list = field.Field switch { "msgtype" => "exclude", "fstype" => "filesystem", _ => "exit" }
        let before = field.Field == "key" ? "-S all " : ""
        select $"-a always,{list} {before}-F {field.Field}={value}";

    /// <summary>A rule that is more often right than wrong.</summary>
    public string Next()
    {
        if (_random.Next(8) == 0) return Watch();
        List<string> words = [];
        string list = _random.Next(10) < 7 ? "exit" : Pick(Lists);
        string action = Pick(Actions);
        words.Add($"{(_random.Next(10) == 0 ? "-A" : "-a")} {(_random.Next(2) == 0 ? $"{action},{list}" : $"{list},{action}")}");
        bool syscalls = list == "exit" && _random.Next(3) > 0;
        if (syscalls && _random.Next(4) > 0) words.Add("-F arch=" + (_random.Next(2) == 0 ? "b64" : "b32"));
        if (syscalls || _random.Next(40) == 0)
            for (int i = _random.Next(1, 4); i > 0; i--) words.Add("-S " + Syscall());
        if (list == "filesystem" && _random.Next(4) > 0) words.Add("-F fstype=tracefs");
        for (int i = _random.Next(4); i > 0; i--) words.Add(Field(list));
        if (_random.Next(12) == 0) words.Add($"-C {Pick(Compared)}{Pick(["=", "!="])}{Pick(Compared)}");
        if (_random.Next(15) == 0) words.Add("-p " + Pick(["wa", "r", "x"]));
        for (int i = _random.Next(3); i > 0 && syscalls; i--) words.Add((_random.Next(2) == 0 ? "-k " : "-F key=") + Pick(["k", "key-1", "a.b", "x\\ y", "long" + new string('x', _random.Next(100))]));
        return string.Join(' ', words) + (list == "task" ? OfNoTask : "");
    }

    private string Field(string list)
    {
        (string field, string[] values) = Pick(Fields);
        if (list == "exclude" && _random.Next(3) > 0) (field, values) = Fields[13];
        string op = _random.Next(3) > 0 ? "=" : Pick(Operators);
        return $"-F {field}{op}{(_random.Next(3) > 0 ? values[0] : Pick(values))}";
    }

    private string Watch()
    {
        string path = Pick(["/etc/passwd", "/etc", "/etc/", "/usr/bin/ls", "/tmp/nosuch", "/nosuchdir/x", "/nosuchdir/", "/etc/passwd/", "/", "/etc/*", "etc"]);
        string text = $"-w {path}";
        if (_random.Next(3) > 0) text += " -p " + Pick(["r", "w", "x", "a", "wa", "rwxa", "RW", "aw", "q"]);
        for (int i = _random.Next(3); i > 0; i--) text += " -k " + Pick(["k", "key-2", "x\\ y"]);
        if (_random.Next(15) == 0) text += " " + Field("exit");
        return text;
    }

    private string Syscall() => _random.Next(6) == 0 ? _random.Next(460).ToString(CultureInfo.InvariantCulture) : Pick(Syscalls);

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
