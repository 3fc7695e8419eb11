using System.Text;
using LinuxAudit.Rules;

namespace LinuxAudit.Tests.Rules;

/// <summary>Short ways to read rules in tests: for x86_64, with a node that has the users root and chrony and the directories /, /etc and /usr/bin.</summary>
internal static class Read
{
    public static RuleContext Laptop { get; } = new() { Machine = Machine.X86_64 };

    public static RuleContext Node { get; } = new() { Machine = Machine.X86_64, Identities = new Identities(), Paths = new Paths() };

    public static RuleFile File(string text, RuleContext? context = null) => RuleParser.Parse(Source("a.rules", text), context ?? Laptop);

    public static RuleSource Source(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    /// <summary>The one rule of a text without diagnostics.</summary>
    public static AuditRule Rule(string text, RuleContext? context = null)
    {
        RuleFile file = File(text, context);
        Assert.Empty(file.Diagnostics);
        return Assert.Single(file.Directives.OfType<RuleDirective>()).Rule;
    }

    private sealed class Identities : IIdentityResolver
    {
        public uint? FindUser(string name) => name switch { "root" => 0, "chrony" => 107, _ => null };

        public uint? FindGroup(string name) => name switch { "root" => 0, "adm" => 4, _ => null };
    }

    private sealed class Paths : IPathResolver
    {
        public PathKind Find(string path) => path switch
        {
            "/" or "/etc" or "/usr/bin" => PathKind.Directory,
            "/etc/passwd" or "/usr/bin/ls" => PathKind.File,
            _ => PathKind.Missing,
        };
    }
}
