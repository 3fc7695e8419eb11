using System.Text;
using System.Text.Json;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;

namespace AksAuditd.Tests.Events.Json;

public sealed class EventEncoderTests
{
    private const string Id = "msg=audit(1795311928.035:4171):";

    private static readonly string[] Exec =
    [
        $"type=SYSCALL {Id} arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 a2=55d2 a3=8 items=2 ppid=12 pid=345 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"ls\" exe=\"/usr/bin/ls\" key=\"exec\"",
        $"type=EXECVE {Id} argc=3 a0=\"ls\" a1=\"-la\" a2=2F746D702F6120620A",
        $"type=CWD {Id} cwd=\"/root\"",
        $"type=PATH {Id} item=0 name=\"/usr/bin/ls\" inode=391 dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0",
        $"type=PATH {Id} item=1 name=\"/lib64/ld-linux-x86-64.so.2\" inode=911 dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0",
        $"type=PROCTITLE {Id} proctitle=6C73002D6C61002F746D702F61206220",
    ];

    [Fact]
    public void Encode_ExecInAPod_IsOneShortLineThatSaysAll()
    {
        string[] records = [.. Exec[..5], $"type=PROCTITLE {Id} proctitle=6C73002D6C61002F746D702F612062"];
        string line = Encoding.UTF8.GetString(Assert.Single(new Encoded().All(records.Select(Encoded.Bytes))));
        Assert.Equal(
            """{"@timestamp":"2026-11-22T01:45:28.035Z","host":{"name":"node-1"},"event":{"sequence":4171,"action":"executed","outcome":"success"},"tags":["exec"],"""
            + """ "process":{"pid":345,"executable":"/usr/bin/ls","args":["ls","-la","/tmp/a b\n"],"working_directory":"/root","parent":{"pid":12,"executable":"/usr/bin/bash"}},"""[1..]
            + """ "user":{"id":0,"name":"root","audit":{"id":1000,"name":"alice"}},"""[1..]
            + """ "kubernetes":{"namespace":"payments","pod":{"name":"checkout-7c5ddbdf54-x2x7q","uid":"0b54bd2c-4f0d-4d3c-9d1e-2b7d6a1c9e55"},"container":{"name":"app"}},"""[1..]
            + """ "container":{"id":"4f1b9a0d6c2e"},"auditd":{"session":3,"tty":"pts0"}}"""[1..],
            line);
    }

    [Fact]
    public void Encode_TitleThatIsNotTheArguments_IsSaid() => Assert.Equal("/tmp/a b ", Encoded.One(Exec).GetProperty("process").GetProperty("title")[2].GetString());

    [Theory]
    [InlineData("0104755", "04755")]
    [InlineData("0100775", "0775")]
    [InlineData("0102755", "02755")]
    public void Encode_ExecutableThatIsNotPlain_ItsFileIsSaid(string mode, string said)
    {
        string[] records = [.. Exec];
        records[3] = records[3].Replace("mode=0100755", $"mode={mode}", StringComparison.Ordinal);
        JsonElement file = Encoded.One(records).GetProperty("file");
        Assert.Equal(("/usr/bin/ls", "391", said), (file.GetProperty("path").GetString(), file.GetProperty("inode").GetString(), file.GetProperty("mode").GetString()));
    }

    [Fact]
    public void Encode_ScriptStarted_TheScriptIsTheFile()
    {
        string[] records = [.. Exec];
        records[3] = records[3].Replace("/usr/bin/ls", "run.sh", StringComparison.Ordinal);
        JsonElement file = Encoded.One(records).GetProperty("file");
        Assert.Equal(("/root/run.sh", "run.sh"), (file.GetProperty("path").GetString(), file.GetProperty("name").GetString()));
    }

    [Fact]
    public void Encode_SetuidProgram_SaysTheEffectiveUser()
    {
        string[] records = [.. Exec];
        records[0] = records[0].Replace(" uid=0 gid=0", " uid=1000 gid=1000", StringComparison.Ordinal);
        JsonElement user = Encoded.One(records).GetProperty("user");
        Assert.Equal("""{"id":1000,"name":"alice","effective":{"id":0,"name":"root","group":{"id":0,"name":"root"}},"audit":{"id":1000,"name":"alice"}}""", user.GetRawText());
    }

    [Fact]
    public void Encode_OpenThatFailed_SaysErrorFlagsAndFile()
    {
        JsonElement json = Encoded.One(
            $"type=SYSCALL {Id} arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7ffe a2=80241 a3=1a4 items=2 ppid=1 pid=2 auid=4294967295 uid=1000 gid=50 euid=1000 suid=1000 fsuid=1000 egid=50 sgid=50 fsgid=50 tty=(none) ses=4294967295 comm=\"cat\" exe=\"/usr/bin/busybox\" key=(null)",
            $"type=CWD {Id} cwd=\"/etc\"",
            $"type=PATH {Id} item=0 name=\"/etc/\" inode=2 dev=fe:00 mode=041777 ouid=0 ogid=50 rdev=00:00 nametype=PARENT cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0",
            $"type=PATH {Id} item=1 name=\"../etc//shadow\" inode=77 dev=fe:00 mode=0100640 ouid=1000 ogid=50 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0",
            $"type=PROCTITLE {Id} proctitle=\"cat\"");
        Assert.Equal("""{"path":"/etc/shadow","name":"../etc//shadow","inode":"77","device":"fe:00","mode":"0640","uid":1000,"owner":"alice","gid":50,"group":"staff"}""", json.GetProperty("file").GetRawText());
        Assert.Equal("""{"id":1000,"name":"alice","group":{"id":50,"name":"staff"}}""", json.GetProperty("user").GetRawText());
        Assert.Equal(
            """{"syscall":"openat","exit":"EACCES","a0":"ffffff9c(AT_FDCWD)","a1":"7ffe","a2":"80241(O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC)","a3":"1a4(0644)","paths":[{"item":0,"path":"/etc","name":"/etc/","nametype":"PARENT","inode":"2","device":"fe:00","mode":"01777","type":"dir","gid":50,"group":"staff"}]}""",
            json.GetProperty("auditd").GetRawText());
        Assert.Equal(("failure", "cat"), (json.GetProperty("event").GetProperty("outcome").GetString(), json.GetProperty("process").GetProperty("name").GetString()));
    }

    [Theory]
    // openat; renameat, renameat2 and linkat with one descriptor or both; symlinkat, whose second argument it is; execveat; fchmodat2, which no table names.
    [InlineData("c000003e", 257, "3", "7ffe", "80241", "job")]
    [InlineData("c000003e", 257, "ffffff9c", "7ffe", "80241", "/root/job")]
    [InlineData("c000003e", 264, "ffffffffffffff9c", "7ffe", "3", "job")]
    [InlineData("c000003e", 316, "ffffff9c", "7ffe", "3", "job")]
    [InlineData("c000003e", 316, "3", "7ffe", "ffffff9c", "job")]
    [InlineData("c000003e", 316, "ffffff9c", "7ffe", "ffffffffffffff9c", "/root/job")]
    [InlineData("c000003e", 265, "ffffff9c", "7ffe", "3", "job")]
    [InlineData("c000003e", 265, "ffffff9c", "7ffe", "ffffff9c", "/root/job")]
    [InlineData("c000003e", 266, "7ffe", "3", "7fff", "job")]
    [InlineData("c000003e", 266, "7ffe", "ffffff9c", "7fff", "/root/job")]
    [InlineData("c000003e", 322, "3", "7ffe", "7fff", "job")]
    [InlineData("c000003e", 322, "ffffff9c", "7ffe", "7fff", "/root/job")]
    [InlineData("c000003e", 452, "3", "7ffe", "1ff", "job")]
    [InlineData("c000003e", 452, "ffffff9c", "7ffe", "1ff", "/root/job")]
    [InlineData("c00000b7", 36, "7ffe", "3", "7fff", "job")]
    [InlineData("c00000b7", 36, "7ffe", "ffffff9c", "7fff", "/root/job")]
    [InlineData("c000003e", 82, "7ffe", "7fff", "0", "/root/job")]
    // A call, and an architecture, that no table knows.
    [InlineData("c000003e", 500, "3", "7ffe", "0", "job")]
    [InlineData("c00000f3", 38, "ffffff9c", "7ffe", "3", "job")]
    public void Encode_RelativeName_IsAbsoluteOnlyWhereItStartsFromTheWorkingDirectory(string arch, int syscall, string a0, string a1, string a2, string expected)
    {
        JsonElement json = Encoded.One(
            $"type=SYSCALL {Id} arch={arch} syscall={syscall} success=yes exit=0 a0={a0} a1={a1} a2={a2} a3=7fff items=1 ppid=1 pid=2 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"x\" exe=\"/x\" key=(null)",
            $"type=CWD {Id} cwd=\"/root\"",
            $"type=PATH {Id} item=0 name=\"job\" inode=77 dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=CREATE cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0");
        Assert.Equal(expected, json.GetProperty("file").GetProperty("path").GetString());
    }

    [Fact]
    public void Encode_RelativeNameOfIoUring_StaysAsItIs()
    {
        JsonElement json = Encoded.One(
            $"type=URINGOP {Id} uring_op=18 success=yes exit=0 items=1 ppid=1 pid=2 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 key=(null)",
            $"type=CWD {Id} cwd=\"/root\"",
            $"type=PATH {Id} item=0 name=\"job\" inode=77 dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=CREATE cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0");
        Assert.Equal("job", json.GetProperty("file").GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("02000050CB0071070000000000000000", 42, """ "destination":{"ip":"203.0.113.7","port":80}""")]
    [InlineData("0A0001BB0000000020010DB800000000000000000000000100000000", 43, """ "source":{"ip":"2001:db8::1","port":443}""")]
    [InlineData("01002F72756E2F782E736F636B00", 42, """ "destination":{"path":"/run/x.sock"}""")]
    [InlineData("010000612E0A", 49, """ "server":{"abstract_path":"a.\n"}""")]
    [InlineData("100000000500000000000000", 42, """ "destination":{"family":"netlink","port":5}""")]
    [InlineData("0200", 42, """ "destination":{"bytes":"0200"}""")]
    public void Encode_Address_IsSaidByTheCall(string saddr, int syscall, string expected)
    {
        byte[] line = Assert.Single(new Encoded().All([
            Encoded.Bytes($"type=SYSCALL {Id} arch=c000003e syscall={syscall} success=yes exit=0 a0=3 a1=7ffe a2=10 a3=0 items=0 ppid=1 pid=2 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"x\" exe=\"/x\" key=(null)"),
            Encoded.Bytes($"type=SOCKADDR {Id} saddr={saddr}")]));
        Assert.Contains(expected[1..], Encoding.UTF8.GetString(line), StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_UserMessage_WhatTheProgramSaysIsUntrusted()
    {
        JsonElement json = Encoded.One($"type=USER_AUTH {Id} pid=8791 uid=0 auid=1000 ses=13 msg='op=PAM:authentication acct=\"root\" pid=1 exe=\"/usr/bin/su\" op=again addr=? res=failed'");
        Assert.Equal((8791, "authenticated", "failure"), (json.GetProperty("process").GetProperty("pid").GetInt32(), json.GetProperty("event").GetProperty("action").GetString(), json.GetProperty("event").GetProperty("outcome").GetString()));
        Assert.False(json.GetProperty("process").TryGetProperty("executable", out _));
        Assert.Equal(
            """[{"type":"USER_AUTH","untrusted":{"op":"PAM:authentication","acct":"root","pid":"1","exe":"/usr/bin/su","addr":"?","res":"failed","more":["op=again"]}}]""",
            json.GetProperty("auditd").GetProperty("records").GetRawText());
    }

    [Fact]
    public void Encode_UnknownTypesAndSecondRecords_AreKept()
    {
        JsonElement json = Encoded.One([.. Exec[..5], $"type=UNKNOWN[1999] {Id} a=1 word ouid=1000", $"type=BRAND_NEW {Id} x=\"y\"", $"type=CWD {Id} cwd=2F62", $"type=SOCKADDR {Id} saddr=0200", $"type=SOCKADDR {Id} saddr=0200"]);
        Assert.Equal(
            """[{"type":"UNKNOWN[1999]","a":"1","ouid":"1000(alice)","more":["word"]},{"type":"BRAND_NEW","x":"y"},{"type":"CWD","cwd":"/b"},{"type":"SOCKADDR","saddr":"0200({ saddr_fam=inet sockaddr len too short })"}]""",
            json.GetProperty("auditd").GetProperty("records").GetRawText());
    }

    [Fact]
    public void Encode_LostArguments_AreNullAndCounted()
    {
        JsonElement process = Encoded.One(Exec[0], $"type=EXECVE {Id} argc=9 a0=\"x\" a1_len=12 a1[0]=616263 a1[1]=646566 a4=\"y\"").GetProperty("process");
        Assert.Equal(("""["x","abcdef",null,null,"y"]""", 9), (process.GetProperty("args").GetRawText(), process.GetProperty("args_count").GetInt32()));
    }

    /// <summary>No kernel writes one; a damaged log may.</summary>
    [Fact]
    public void Encode_CountOfArgumentsPastInt64_FitsTheSchema()
    {
        byte[] line = Assert.Single(new Encoded().All([Encoded.Bytes(Exec[0]), Encoded.Bytes($"type=EXECVE {Id} argc=13697468207370616365 a0=\"x\"")]));
        Assert.Contains("\"args_count\":13697468207370616365", Encoding.UTF8.GetString(line), StringComparison.Ordinal);
        Assert.Null(Encoded.Problem(line, 8000));
    }

    [Theory]
    [InlineData("old_pp=00000000a80425fb", """ "auditd":{"session":3,"tty":"pts0","pp":"a80425fb"}""")]
    [InlineData("old_pp=0000000000000000", """ "records":[{"type":"BPRM_FCAPS","fver":"0",""")]
    public void Encode_Capabilities_AreShortWhenNothingChanged(string old, string expected)
    {
        string record = $"type=BPRM_FCAPS {Id} fver=0 fp=0 fi=0 fe=0 {old} old_pi=0 old_pe=00000000a80425fb old_pa=0 pp=00000000a80425fb pi=0 pe=00000000a80425fb pa=0 frootid=0";
        Assert.Contains(expected[1..], Encoded.One([Exec[0], record, .. Exec[1..]]).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProcessPlace.Host, "host")]
    [InlineData(ProcessPlace.Unknown, "unknown")]
    public void Encode_NoContainer_SaysSo(object place, string id)
    {
        JsonElement json = new Encoded { Context = new ProcessContext((ProcessPlace)place, null, null) }.Single(Exec);
        Assert.Equal((id, false), (json.GetProperty("container").GetProperty("id").GetString(), json.TryGetProperty("kubernetes", out _)));
    }

    [Fact]
    public void Encode_ContainerRenamed_IsSaidAnew()
    {
        Container container = new("abc") { PodUid = "u" };
        Encoded encoded = new() { Context = new ProcessContext(ProcessPlace.Container, container, null) };
        Assert.Equal("""{"pod":{"uid":"u"}}""", encoded.Single(Exec).GetProperty("kubernetes").GetRawText());
        container.Rename("n", "p\"", null);
        Assert.Equal("""{"namespace":"n","pod":{"name":"p\"","uid":"u"}}""", encoded.Single(Exec).GetProperty("kubernetes").GetRawText());
    }

    [Fact]
    public void Encode_Raw_AddsTheRecords()
    {
        JsonElement messages = new Encoded(new EncoderOptions { Raw = true }).Single(Exec).GetProperty("auditd").GetProperty("messages");
        Assert.Equal(Exec, messages.EnumerateArray().Select(m => m.GetString()));
    }
}
