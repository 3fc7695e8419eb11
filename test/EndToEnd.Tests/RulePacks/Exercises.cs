using LinuxAudit.Rules;

namespace EndToEnd.Tests.RulePacks;

/// <summary>
/// Does what a rule is for. A call that would harm the machine is made so that it fails: a rule matches it all the same.
/// A rule that nothing here knows how to exercise is an error.
/// </summary>
internal sealed class Exercises(string root) : IDisposable
{
    private const nint AtCwd = -100, Nobody = 65534, NoProcess = 0x7FFFFFFF, CloneFs = 0x200, Unknown = 1;
    private const int WriteOnly = 1, Create = 0x40;

    private readonly RawCalls _calls = new();

    /// <summary>One try of a rule: the call that the event has to show, and how it is made.</summary>
    internal sealed record Exercise(string Syscall, Action Act);

    /// <summary>Everything that the rule is to record.</summary>
    public IEnumerable<Exercise> For(AuditRule rule)
    {
        Machine machine = rule.Arch ?? throw new InvalidOperationException("a rule without arch");
        FieldFilter? file = rule.Fields.FirstOrDefault(f => f.Field is RuleField.Path or RuleField.Dir);
        if (rule.Syscalls.IsAll)
        {
            if (file is null) throw new InvalidOperationException("a rule for all calls");
            string path = root + file.Text + (file.Field == RuleField.Dir ? "/exercise" : "");
            FilePermissions permissions = (FilePermissions)rule.Fields.Single(f => f.Field == RuleField.Perm).Value;
            foreach (FilePermissions one in Enum.GetValues<FilePermissions>())
                if (one != 0 && permissions.HasFlag(one)) yield return UseFile(machine, one, path);
            yield break;
        }

        foreach (int number in rule.Syscalls.Numbers)
        {
            string name = machine.SyscallName(number)!;
            yield return new(name, As(rule, () => Make(machine, name, rule, file is null ? null : root + file.Text)));
        }
    }

    public void Dispose() => _calls.Dispose();

    private Exercise UseFile(Machine machine, FilePermissions permission, string path) => permission switch
    {
        FilePermissions.Read => new("openat", () => Close(machine, _calls.Call(machine, "openat", AtCwd, Path(path), 0))),
        FilePermissions.Write => new("openat", () => Close(machine, _calls.Call(machine, "openat", AtCwd, Path(path), WriteOnly | Create, 0b110_000_000))),
        FilePermissions.Attribute => new("fchmodat", () => _calls.Call(machine, "fchmodat", AtCwd, Path(path), 0b111_101_101)),
        // Its arguments cannot be read: it fails when the program is found already, and this process lives on.
        FilePermissions.Execute => new("execve", () => _calls.Call(machine, "execve", Path(path), Unknown)),
        _ => throw new InvalidOperationException($"perm={permission}"),
    };

    private void Make(Machine machine, string name, AuditRule rule, string? path)
    {
        nint Value(RuleField field, nint fallback) => rule.Fields.FirstOrDefault(f => f.Field == field) is { } found ? (nint)found.Value : fallback;
        Action make = name switch
        {
            "execve" => () => _calls.Call(machine, name, Path("/bin/true"), Unknown),
            "execveat" => () => _calls.Call(machine, name, AtCwd, Path("/bin/true"), Unknown),
            "fchmod" or "fchmodat" => () => SetMode(machine, name, Value(name == "fchmod" ? RuleField.A1 : RuleField.A2, 0)),
            "setuid" or "setgid" or "setuid32" or "setgid32" => () => _calls.Call(machine, name, 0),
            "setreuid" or "setregid" or "setreuid32" or "setregid32" => () => _calls.Call(machine, name, 0, 0),
            "setresuid" or "setresgid" or "setresuid32" or "setresgid32" => () => _calls.Call(machine, name, 0, 0, 0),
            // With a flag that does not exist, or two that exclude each other.
            "unshare" => () => _calls.Call(machine, name, Value(RuleField.A0, 0) | Unknown),
            "clone" => () => _calls.Call(machine, name, Value(RuleField.A0, 0) | CloneFs),
            "setns" => () => _calls.Call(machine, name, -1),
            "mount" or "umount2" or "pivot_root" or "init_module" or "delete_module" => () => _calls.Call(machine, name),
            "fsmount" or "move_mount" or "open_tree" or "open_by_handle_at" or "finit_module" => () => _calls.Call(machine, name, -1),
            "ptrace" => () => _calls.Call(machine, name, Value(RuleField.A0, 0), NoProcess),
            "process_vm_writev" => () => _calls.Call(machine, name, NoProcess),
            "bpf" => () => _calls.Call(machine, name, Value(RuleField.A0, 0)),
            "connect" when path is not null => () => Connect(machine, path),
            "socket" => () => Close(machine, _calls.Call(machine, name, Value(RuleField.A0, 0), 3, Value(RuleField.A2, 0))),
            _ => throw new InvalidOperationException($"no exercise for {name}"),
        };
        make();
    }

    private void BecomeNobody()
    {
        _calls.Call(Machines.Current, "setresgid", Nobody, Nobody, Nobody);
        _calls.Call(Machines.Current, "setresuid", Nobody, Nobody, Nobody);
    }

    private void SetMode(Machine machine, string name, nint bits)
    {
        string path = System.IO.Path.Join(root, "mode");
        File.WriteAllText(path, "");
        using FileStream file = File.OpenRead(path);
        if (name == "fchmod") _calls.Call(machine, name, file.SafeFileHandle.DangerousGetHandle(), bits);
        else _calls.Call(machine, name, AtCwd, Path(path), bits);
    }

    private void Connect(Machine machine, string path)
    {
        nint socket = (nint)_calls.Call(machine, "socket", 1, 1, 0);
        _calls.Call(machine, "connect", socket, _calls.Bytes([1, 0, .. System.Text.Encoding.UTF8.GetBytes(path), 0]), path.Length + 3);
        Close(machine, socket);
    }

    private void Close(Machine machine, long file)
    {
        if (file >= 0) _calls.Call(machine, "close", (nint)file);
    }

    private nint Path(string path)
    {
        _calls.Reset();
        return _calls.Text(path);
    }

    /// <summary>On a thread of its own, which is whom the rule asks for: somebody logged in, nobody, half root. It ends afterwards.</summary>
    private Action As(AuditRule rule, Action act) => () =>
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                if (rule.Fields.Any(f => f.Field == RuleField.Auid)) File.WriteAllText("/proc/thread-self/loginuid", "1000");
                if (rule.Fields.Any(f => f.Field == RuleField.FieldCompare)) _calls.Call(Machines.Current, "setresuid", Nobody, 0, 0);
                if (rule.Fields.Any(f => f.Field == RuleField.Exit)) BecomeNobody();
                _calls.Reset();
                act();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw new InvalidOperationException(failure.Message, failure);
    };
}
