using System.Globalization;
using System.Text;
using LinuxAudit.Rules;

namespace EndToEnd.Tests.Matching;

/// <summary>A perl program that makes system calls one after the other, by number. Calls that this machine does not have are left out.</summary>
internal sealed class CallScript
{
    private readonly StringBuilder _text = new("sub c { my @a = @_; syscall(shift(@a), @a); }\n");

    /// <summary>Adds a call; an argument is a number, or a text that is passed by its address.</summary>
    public CallScript Call(string name, params object[] arguments)
    {
        if (Machines.Current.SyscallNumber(name) is { } number) _text.Append(CultureInfo.InvariantCulture, $"c({number}{string.Concat(arguments.Select(a => ", " + Shown(a)))});\n");
        return this;
    }

    /// <summary>Adds a line of perl.</summary>
    public CallScript Perl(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    // A variable of perl's is passed as it is.
    private static string Shown(object argument) => argument switch
    {
        string text when text.StartsWith('$') => text,
        string text => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal)}\\0\"",
        _ => Convert.ToString(argument, CultureInfo.InvariantCulture)!,
    };
}
