using LinuxAudit.Rules;

namespace TestSupport;

/// <summary>Files and directories as a rule has them: what a <c>-w</c> line reads back as depends on what is there.</summary>
internal sealed class PathsOfRule(AuditRule rule) : IPathResolver
{
    public PathKind Find(string path) =>
        rule.Fields.Any(f => f.Field == RuleField.Path && f.Text == path) ? PathKind.File : PathKind.Directory;
}
