namespace EndToEnd.Tests.Rules;

/// <summary>The odd ones: what people write by mistake, and the corners of the language.</summary>
internal static class OddRules
{
    private static readonly string B64 = "-a always,exit -F arch=b64 -S open ";

    public static IEnumerable<string> All =>
    [
        // order and repetition
        "-S open -a always,exit", "-a always,exit -S open -F arch=b32", "-a always,exit -F auid=0 -F arch=b64 -S open", "-a always,exit -F arch=b64 -F arch=b32 -S open",
        "-a always,exit -S all -S open", "-a always,exit -S open,all", "-F uid=0 -a always,exit", "-a always,exit -a always,exit", "-a always,exit -w /etc", "-w /etc -w /usr",
        "-a always,exit -k a -S open", B64 + "-k a -F uid=0 -k b", B64 + "-F key=a -F uid=0 -F key=b", B64 + "-F key=b -k a", "-a always,exit -F arch=b64 -k x",
        "-a always,exit -F uid=0 -k x", "-a always,exit -F exe=/usr/bin/ls -k x", "-a always,exit -F perm=w -k x", "-a never,filesystem -F fstype=tracefs -k x",
        "-a never,task -k x", "-a never,exclude -F msgtype=CWD -k x", "-a never,user -F uid=0 -k x", "-a never,user -F uid=0 -F key=x",
        // watches and their like
        "-w /etc/passwd", "-w /etc/passwd -p wa -k x", "-w /etc -p wa", "-w /etc -p w -p a", "-w /etc -k a -k b", "-p wa -w /etc", "-w /etc -F uid=0", "-w /etc -S open",
        "-w /etc -F arch=b64", "-w /etc -C uid=euid", "-w /etc -F perm=wa", "-w /etc -F key=x", "-w /etc -p q", "-w /etc -p rwxar", "-w etc", "-w /", "-w /nosuch/x", "-w /etc// -p r",
        "-w /etc/passwd/ -p r", "-a always,exit -F path=/etc/passwd -F perm=wa -k x", "-a never,exit -F path=/etc/passwd -F perm=wa -k x",
        "-a always,exit -F perm=wa -F path=/etc/passwd", "-a always,exit -F perm=wa", "-a always,exit -F perm=w -F perm=a", "-a always,exit -F dir=/etc/ -F perm=wa",
        "-a always,exit -F path=/etc/passwd -p wa", "-a always,exit -S open -p wa", "-a always,exit -p wa -F uid=0", "-a always,exit -F perm=r -p w -S open",
        "-a always,exclude -F uid=0 -p w", "-a always,user -F uid=0 -p w", "-a always,exit -F path=/etc/passwd -F path=/etc/shadow",
        "-a always,exit -F path=/etc/passwd -F dir=/etc", "-a always,exit -F inode=5 -F path=/etc/passwd", "-a always,exit -F inode=5 -F inode!=6",
        "-a always,exit -F exe=/usr/bin/ls -F exe=/usr/bin/cat", "-a always,exit -F path=/tmp/a>=b",
        // lists
        "-a task,never", "-a always", "-a always,", "-a ,exit", "-a always,exit,never", "-a exit,exit", "-a ALWAYS,EXIT", "-a possible,exit", "-a always,entry", "-a always,watch",
        "-a always, exit", "-a always,io_uring -S openat", "-a never,task -S all", "-a always,user -S open", "-a always,exclude", "-a always,user", "-a never,filesystem",
        "-a always,task -C uid=euid -F pid=4194304", "-A never,exit -S open -k z", "-a never,exclude -F msgtype=DM_CTRL",
        // system calls
        B64 + "-S 2031", "-a always,exit -S 2032", "-a always,exit -S 2047", "-a always,exit -S 2048", "-a always,exit -S -1", "-a always,exit -S 9999999999",
        "-a always,exit -S 010", "-a always,exit -S ,", "-a always,exit -F arch=b64 -S pread64", "-a always,exit -F arch=b64 -S pread", "-a always,exit -F arch=aarch64 -S fstat",
        "-a always,exit -F arch=aarch64 -S openat", "-a always,exit -F arch=arm -S open", "-a always,exit -F arch=ppc64 -S 5", "-a always,exit -F arch=ppc64 -S open",
        "-a always,exit -F arch=b32 -S newfstatat", "-a always,exit -F arch!=b32 -S open", "-a always,exit -F arch=ppc64", "-a always,exit -F arch=s390x -S 5",
        // numbers
        "-a always,exit -F auid=5x", "-a always,exit -F auid=4294967296", "-a always,exit -F uid=99999999999999999999", "-a always,exit -F sessionid=foo",
        "-a always,exit -F saddr_fam=inet", "-a always,exit -F pid=08", "-a always,exit -F pid=0x", "-a always,exit -F auid>-1", "-a always,exit -F auid>=unset",
        "-a always,exit -F exit=-99999999999", "-a always,exit -F a0=4294967296", "-a always,exit -F a0=-2147483649", "-a never,filesystem -F fstype=4294967295",
        // words
        B64 + "-k \"a b\"", B64 + "-k 'a b'", B64 + "-k \"ab\"", B64 + "-k a\\ b", B64 + "-k a\\b", B64 + "-k a\\\\ -F uid=0", B64 + "-k a\\\\\\ b", B64 + "-k a\\",
        B64 + "-k a\\\\\\\\b", B64 + "-k \\ a", B64 + "-k a#b", B64 + "-k a #b", B64 + "# c", "# a comment", "  # a comment", "\t# a comment", "  " + B64, B64 + "\t-k x", "\t" + B64,
        B64 + "-k x\r", B64 + "-k x\0y", B64 + "-k a\u0001b", B64 + "-k a\u007fb", B64 + "-k é", B64 + "-F \"key=a b\"", B64 + "stray", B64 + "-k", B64 + "-F", B64 + "-F uid",
        B64 + "-F =5", B64 + "-F uid=", B64 + "-F nosuch=5", B64 + "-F uid!5", B64 + "-F uid<>5", B64 + "-F uid=>5", B64 + "-F uid&&5", B64 + "-F key=", B64 + "-k a -F key= -k b", B64 + "-F key= -k b", B64 + "-k a -F key=", B64 + "-F key!=x",
        B64 + "-x", B64 + "--nosuch", "-aalways,exit -Sopen -kx", B64 + "-- -k x", B64 + "-k -x", "stray", "-C uid=euid", "-S open", "-k x", "-p w",
        "-a always,exit -C uid=uid", "-a always,exit -C uid=", "-a always,exit -C =uid", "-a always,exit -C uid", "-a always,exit -C uid!=euid=x", "-a always,exit -C UID!=EUID",
        "-a always,exit -F AUID=0", "-a always,exit -F exit=-eperm", "-a always,exit -F auid=UNSET", "-a always,exit -F subj_user!a=b",
        // sizes
        B64 + "-k " + new string('a', 31), B64 + "-k " + new string('a', 256), B64 + "-k " + new string('a', 257),
        B64 + "-k " + new string('a', 128) + " -k " + new string('b', 127), B64 + "-k " + new string('a', 128) + " -k " + new string('b', 128),
        "-a always,exit" + string.Concat(Enumerable.Repeat(" -F a0=5", 63)), "-a always,exit" + string.Concat(Enumerable.Repeat(" -F a0=5", 64)),
        B64 + string.Concat(Enumerable.Repeat("-F a0=5 ", 61)) + "-k x", B64 + string.Concat(Enumerable.Repeat("-F a0=5 ", 62)) + "-k x",
        "-a always,exit" + string.Concat(Enumerable.Repeat(" -F a0=5", 65)), "-a always,exit -F path=/" + new string('a', 5000), "-w /" + new string('a', 5000),
        "-w /tmp/" + new string('a', 255), "-w /tmp/" + new string('a', 256), "-a always,exit -F path=/tmp/" + new string('a', 256), "-a always,exit -F path=/tmp/" + new string('a', 255),
        "#" + new string('x', 6142), "#" + new string('x', 6143), B64 + new string(' ', 6000) + "-k x", B64 + new string(' ', 6200) + "-k x",
        B64 + "-F subj_user=" + new string('u', 4000), B64 + "-F subj_user=" + new string('u', 4096),
    ];
}
