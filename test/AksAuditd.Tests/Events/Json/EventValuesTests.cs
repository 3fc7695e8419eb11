using System.Globalization;
using System.Text;
using System.Text.Json;
using AksAuditd.Events.Json;
using LinuxAudit.Records;

namespace AksAuditd.Tests.Events.Json;

/// <summary>Slow and obvious: each field of each record is in the event, or follows from it by a rule of docs/events.md.</summary>
public sealed class EventValuesTests
{
    [Fact]
    public void Encode_Corpus_LosesNothing()
    {
        Encoded encoded = new(new EncoderOptions { NodeName = "node-1", MaxBytes = 1024 * 1024 });
        int fields = 0;
        List<string> failures = [];
        encoded.Each(Encoded.Corpus("small.log"), (e, line) =>
        {
            JsonElement json = JsonDocument.Parse(line).RootElement;
            for (int i = 0; i < e.Count; i++)
            {
                AuditRecord record = e[i];
                EventOracle oracle = new(json, e, encoded.Interpreter, i);
                FieldReader reader = record.Fields;
                while (reader.TryRead(out Field field))
                {
                    fields++;
                    if (!oracle.Has(field)) failures.Add($"{Text(field.Name)}={Text(field.Value)} of\n{Text(record.Raw)}\nis not in\n{Encoding.UTF8.GetString(line.Span)}");
                }
            }
        });
        Assert.True(failures.Count == 0, $"{failures.Count} of {fields}\n{string.Join("\n\n", failures.Take(12))}");
        Assert.InRange(fields, 20_000, 40_000);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}

/// <summary>Where the fields of one record should be in an event.</summary>
internal sealed class EventOracle
{
    private static readonly string[] Identities = ["uid", "gid", "euid", "suid", "fsuid", "egid", "sgid", "fsgid"];
    private static readonly string[] NativeArchitectures = ["x86_64", "aarch64"];

    private readonly JsonElement _json;
    private readonly AuditEvent _event;
    private readonly Interpreter _interpreter;
    private readonly int _index;
    private readonly bool _isMain, _isFirstOfType, _hasArguments;

    public EventOracle(JsonElement json, AuditEvent auditEvent, Interpreter interpreter, int index)
    {
        (_json, _event, _interpreter, _index) = (json, auditEvent, interpreter, index);
        bool hasSyscall = auditEvent.TryGetRecord(RecordType.Syscall, out _);
        _hasArguments = auditEvent.TryGetRecord(RecordType.Execve, out _);
        _isFirstOfType = true;
        for (int i = 0; i < index; i++) _isFirstOfType &= auditEvent.TypeOf(i) != auditEvent.TypeOf(index);
        _isMain = hasSyscall ? auditEvent.TypeOf(index) == RecordType.Syscall && _isFirstOfType : index == 0;
    }

    public bool Has(in Field field)
    {
        if (field.IsNull) return true;
        RecordType type = _event.TypeOf(_index);
        if (type == RecordType.Path) return HasOfPath(field);
        if (type == RecordType.Execve) return HasArgument(field);
        if (_isFirstOfType && type == RecordType.WorkingDirectory) return Is("process.working_directory", Decoded(field));
        if (_isFirstOfType && type == RecordType.ProcessTitle) return HasTitle(field);
        if (_isFirstOfType && type == RecordType.SocketAddress) return HasAddress(field);
        return _isMain && HasOfMain(field, Name(field)) || !(_isMain && type == RecordType.Syscall) && HasOfOther(field);
    }

    private bool HasOfMain(in Field field, string name)
    {
        string value = Latin(field.Value), meaning = Meaning(field);
        bool isSyscall = _event.TypeOf(_index) == RecordType.Syscall;
        if (Identities.Contains(name)) return Identity(name) == value;
        switch (name)
        {
            case "pid": return Value("process.pid") == value;
            case "ppid": return Value("process.parent.pid") == value;
            case "auid": return (Value("user.audit.id") ?? "4294967295") == value && HasName("user.audit", meaning);
            case "ses": return (Value("auditd.session") ?? "4294967295") == value;
            case "comm": return Bytes("process.name") is { } own ? own.SequenceEqual(Decoded(field)) : Shorter(Bytes("process.executable")!).SequenceEqual(Decoded(field));
            case "exe": return Is("process.executable", Decoded(field));
            case "tty": return (Value("auditd.tty") ?? "(none)") == value || HasOfOther(field);
            case "key": return Decoded(field).SequenceEqual(Join(At("tags")!.Value, 1));
            case "success" or "res": return Value("event.outcome") == (value is "yes" or "1" or "success" ? "success" : "failure");
            case "exit": return (Value("auditd.exit") ?? "0") == (meaning.IndexOf('(', StringComparison.Ordinal) is > 0 and int end ? meaning[..end] : value);
        }
        if (!isSyscall) return false;
        switch (name)
        {
            case "arch": return Value("auditd.arch") is { } arch ? arch == meaning : NativeArchitectures.Contains(meaning);
            case "syscall":
                return (Value("auditd.syscall") ?? (_hasArguments ? "execve" : "")) is var call && (call == meaning || call == value && meaning == $"unknown-syscall({value})"
                // Which of them it is the argument says.
                || call == "socketcall" && meaning == $"socketcall({Value("auditd.a0")?.Split('(', ')')[1]})");
            case "items": return (Value("auditd.items") ?? Paths().Count().ToString(CultureInfo.InvariantCulture)) == value;
            case "subj": return Is("auditd.subj", Decoded(field));
            case "a0" or "a1" or "a2" or "a3":
                if (Value("auditd." + name) is not { } said) return value == "0" || Syscall() == "execve";
                return said == (meaning == value || meaning.StartsWith("0x", StringComparison.Ordinal) ? value : $"{value}({meaning})");
            default: return InMore(At("auditd.more"), field);
        }
    }

    /// <summary>By the rule: what is absent is as usual.</summary>
    private string? Identity(string name) => name switch
    {
        "uid" => Value("user.id"),
        "gid" => Value("user.group.id") ?? Identity("uid"),
        "euid" => Value("user.effective.id") ?? Identity("uid"),
        "egid" => Value("user.effective.group.id") ?? Identity("gid"),
        "suid" => Value("user.saved.id") ?? Identity("euid"),
        "sgid" => Value("user.saved.group.id") ?? Identity("egid"),
        "fsuid" => Value("user.filesystem.id") ?? Identity("euid"),
        _ => Value("user.filesystem.group.id") ?? Identity("egid"),
    };

    private bool HasOfPath(in Field field)
    {
        AuditRecord record = _event[_index];
        record.TryGetField("item"u8, out Field number);
        record.TryGetField("name"u8, out Field name);
        string item = Latin(number.Value);
        JsonElement? path = null;
        if (At("auditd.paths") is { } paths)
            foreach (JsonElement p in paths.EnumerateArray())
                if (p.GetProperty("item").GetRawText() == item) path = p;
        if (path is null)
        {
            // It is the file, or one of those that an exec does not say.
            byte[] given = name.IsNull ? [] : Decoded(name);
            path = At("file") is { } file && (Said(file, "name") ?? Said(file, "path") ?? []).SequenceEqual(given) ? file : null;
            if (path is null) return _hasArguments && IsLeftOut(record, given);
        }
        string value = Latin(field.Value);
        switch (Name(field))
        {
            case "item": return true;
            case "name": return (Said(path.Value, "name") ?? Said(path.Value, "path"))!.SequenceEqual(Decoded(field));
            case "inode": return Member(path.Value, "inode") == value;
            case "dev": return Member(path.Value, "device") == value;
            case "rdev": return (Member(path.Value, "special_device") ?? "00:00") == value;
            case "nametype": return (Member(path.Value, "nametype") ?? "NORMAL") == value;
            case "ouid": return (Member(path.Value, "uid") ?? "0") == value;
            case "ogid": return (Member(path.Value, "gid") ?? Member(path.Value, "uid") ?? "0") == value;
            case "mode":
                // What a mode means is its type and its permissions.
                string type = (Member(path.Value, "type") ?? "file") switch { "char" => "character", "symlink" => "link", var t => t };
                string meaning = Meaning(field), bits = Member(path.Value, "mode")!;
                return meaning.StartsWith(type, StringComparison.Ordinal) && Convert.ToInt32(bits, 8) == (Convert.ToInt32(value, 8) & 0xFFF);
            default: return value == "0" && Name(field).StartsWith("cap_f", StringComparison.Ordinal) || InMore(Member(path.Value, "more") is null ? null : path.Value.GetProperty("more"), field);
        }
    }

    private bool IsLeftOut(in AuditRecord record, byte[] given)
    {
        string name = Encoding.Latin1.GetString(given), executable = Value("process.executable")!;
        record.TryGetField("mode"u8, out Field mode);
        record.TryGetField("ouid"u8, out Field owner);
        bool isPlain = Latin(mode.Value) is "0100755" or "0100555" or "0100555" or "0100711" && Latin(owner.Value) == "0";
        return isPlain && (name == executable || executable.EndsWith(name.TrimStart('.'), StringComparison.Ordinal) || name.Contains("/ld-", StringComparison.Ordinal));
    }

    private bool HasArgument(in Field field)
    {
        string name = Name(field);
        JsonElement args = At("process.args")!.Value;
        if (name == "argc") return (Value("process.args_count") ?? args.GetArrayLength().ToString(CultureInfo.InvariantCulture)) == Latin(field.Value);
        if (name.EndsWith("_len", StringComparison.Ordinal)) return true;
        int bracket = name.IndexOf('[', StringComparison.Ordinal);
        byte[] argument = Encoded.Decode(args[int.Parse(bracket < 0 ? name[1..] : name[1..bracket], CultureInfo.InvariantCulture)].GetString());
        return bracket < 0 ? argument.SequenceEqual(Decoded(field)) : argument.AsSpan().IndexOf(Decoded(field)) >= 0;
    }

    private bool HasTitle(in Field field)
    {
        byte[] title = Decoded(field);
        return At("process.title") is { } said ? Join(said, 0).SequenceEqual(title) : Join(At("process.args")!.Value, 0).AsSpan().StartsWith(title);
    }

    private bool HasAddress(in Field field)
    {
        JsonElement address = At("destination") ?? At("source") ?? At("server") ?? throw new InvalidOperationException();
        string meaning = Meaning(field);
        if (Member(address, "bytes") is { } bytes) return bytes == Latin(field.Value);
        if (Member(address, "ip") is { } ip) return meaning == $"{{ saddr_fam={(ip.Contains(':', StringComparison.Ordinal) ? "inet6" : "inet")} laddr={ip} lport={Member(address, "port")} }}";
        if (Said(address, "path") is { } path) return meaning == $"{{ saddr_fam=local path={Encoding.Latin1.GetString(path)} }}";
        if (Said(address, "abstract_path") is { } name) return meaning == $"{{ saddr_fam=local path=@{Encoding.Latin1.GetString(name)} }}";
        return Member(address, "family") switch
        {
            "netlink" => meaning == $"{{ saddr_fam=netlink nlnk-fam=16 nlnk-pid={Member(address, "port") ?? "0"} }}",
            "packet" => meaning == $"{{ saddr_fam=packet ifindex={Member(address, "interface")} proto=0x{int.Parse(Member(address, "protocol")!, CultureInfo.InvariantCulture):x} }}",
            "vsock" => meaning == $"{{ saddr_fam=vsock cid={Member(address, "cid")} port={Member(address, "port")} }}",
            _ => false,
        };
    }

    /// <summary>A member of one of the records of this type; a message's own fields are looked at in their turn.</summary>
    private bool HasOfOther(in Field field)
    {
        string type = Latin(_event[_index].TypeName), name = Name(field);
        if (type == "BPRM_FCAPS" && Value("auditd.pp") is { } permitted)
            return Latin(field.Value) == (name is "pp" or "pe" or "old_pp" or "old_pe" ? permitted.PadLeft(16, '0') : "0");
        if (At("auditd.records") is not { } records) return false;
        foreach (JsonElement record in records.EnumerateArray())
        {
            if (Member(record, "type") != type) continue;
            if (field.Form == ValueForm.Message) return record.TryGetProperty("untrusted", out JsonElement untrusted) && HasUntrusted(untrusted);
            if (IsValue(record, name, field) || InMore(record.TryGetProperty("more", out JsonElement more) ? more : null, field)) return true;
        }
        return false;
    }

    private bool HasUntrusted(JsonElement untrusted)
    {
        FieldReader fields = _event[_index].UserFields;
        while (fields.TryRead(out Field field))
            if (!IsValue(untrusted, Name(field), field) && !InMore(untrusted.TryGetProperty("more", out JsonElement more) ? more : null, field)) return false;
        return true;
    }

    private bool IsValue(JsonElement record, string name, in Field field)
    {
        if (Said(record, name) is not { } said) return false;
        string value = Latin(field.Value), meaning = Meaning(field), text = Encoding.Latin1.GetString(said);
        return text == value || text == $"{value}({meaning})" || said.SequenceEqual(Decoded(field));
    }

    private static bool InMore(JsonElement? more, in Field field)
    {
        if (more is null) return false;
        string name = Name(field), value = Latin(field.Value);
        return more.Value.EnumerateArray().Any(m => Encoding.Latin1.GetString(Encoded.Decode(m.GetString())) is var t && (t == value || t == $"{name}={value}" || t == $"{name}=\"{value}\""));
    }

    private bool HasName(string path, string meaning) => meaning is "unset" || meaning.StartsWith("unknown(", StringComparison.Ordinal) || Value(path + ".name") == meaning;

    private IEnumerable<int> Paths() => Enumerable.Range(0, _event.Count).Where(i => _event.TypeOf(i) == RecordType.Path);

    private string Syscall()
    {
        _event.TryGetRecord(RecordType.Syscall, out AuditRecord record);
        record.TryGetField("syscall"u8, out Field field);
        return Meaning(RecordContext.Of(record), field);
    }

    private string Meaning(in Field field) => Meaning(RecordContext.Of(_event[_index]), field);

    private string Meaning(in RecordContext context, in Field field)
    {
        byte[] buffer = new byte[Interpreter.MaxLength(field)];
        return _interpreter.Interpret(context, field, buffer, out int written) == Interpretation.Written ? Latin(buffer.AsSpan(0, written)) : Latin(field.Value);
    }

    private static byte[] Decoded(in Field field)
    {
        byte[] buffer = new byte[field.Value.Length];
        field.TryDecode(buffer, out int written);
        return buffer[..written];
    }

    private static byte[] Join(JsonElement strings, byte separator)
    {
        List<byte> all = [];
        foreach (JsonElement s in strings.EnumerateArray()) all.AddRange([.. Encoded.Decode(s.GetString()), separator]);
        return [.. all.SkipLast(1)];
    }

    private static byte[] Shorter(byte[] executable) => [.. executable[(Array.LastIndexOf(executable, (byte)'/') + 1)..].Take(15)];

    private bool Is(string path, byte[] bytes) => (Bytes(path) ?? []).SequenceEqual(bytes);

    private byte[]? Bytes(string path) => At(path) is { } e ? Encoded.Decode(e.GetString()) : null;

    private string? Value(string path) => At(path) is { } e ? e.ToString() : null;

    private static string? Member(JsonElement e, string name) => e.TryGetProperty(name, out JsonElement m) ? m.ToString() : null;

    private static byte[]? Said(JsonElement e, string name) => e.TryGetProperty(name, out JsonElement m) && m.ValueKind == JsonValueKind.String ? Encoded.Decode(m.GetString()) : null;

    private JsonElement? At(string path)
    {
        JsonElement at = _json;
        foreach (string name in path.Split('.'))
            if (!at.TryGetProperty(name, out at)) return null;
        return at;
    }

    private static string Name(in Field field) => Latin(field.Name);

    private static string Latin(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
