using LinuxAudit.Rules;

namespace EndToEnd.Tests.Rules;

/// <summary>The users, groups and files of the machine the tests run on, as auditctl sees them.</summary>
internal sealed class ThisMachine : IIdentityResolver, IPathResolver
{
    private readonly Dictionary<string, uint> _users = Read("/etc/passwd");
    private readonly Dictionary<string, uint> _groups = Read("/etc/group");

    public static RuleContext Context { get; } = new() { Machine = Machine.X86_64, Identities = new ThisMachine(), Paths = new ThisMachine() };

    public uint? FindUser(string name) => _users.TryGetValue(name, out uint id) ? id : null;

    public uint? FindGroup(string name) => _groups.TryGetValue(name, out uint id) ? id : null;

    public PathKind Find(string path) =>
        Directory.Exists(path) ? PathKind.Directory : File.Exists(path) ? PathKind.File : PathKind.Missing;

    private static Dictionary<string, uint> Read(string file) =>
        File.ReadAllLines(file).Select(l => l.Split(':')).ToDictionary(f => f[0], f => uint.Parse(f[2], System.Globalization.CultureInfo.InvariantCulture));
}
