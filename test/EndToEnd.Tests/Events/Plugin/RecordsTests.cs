using System.Text;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Events.Plugin;

/// <summary><c>format: records</c> as auditd's child: what goes out is what auditd itself writes to its log.</summary>
public sealed class RecordsTests
{
    [KernelTheory]
    [InlineData("RAW")]
    [InlineData("ENRICHED")]
    public void Exec_RealAuditd_IsTheRecordsOfItsLog(string logFormat)
    {
        using PluginNode node = new("to: file:FILE\nformat: records", logFormat: logFormat);
        string unique = $"{Guid.NewGuid():N}";
        PluginNode.Run("/bin/echo", "two words", unique, "");
        string[] lines = [];
        Eventually.True(() => (lines = RecordsOf(node.Output, unique)).Any(l => l.StartsWith("type=PROCTITLE ", StringComparison.Ordinal)), otherwise: () => node.Log);
        Assert.Equal(RecordsOf(node.AuditLog, unique).Select(l => l.Replace('\u001d', ' ')), lines);
        Assert.Contains(lines, l => l.StartsWith("type=SYSCALL ", StringComparison.Ordinal) && l.Contains("key=\"plugin-test\"", StringComparison.Ordinal));
        Assert.Equal(logFormat == "ENRICHED", lines[0].Contains(" ARCH=x86_64 SYSCALL=execve ", StringComparison.Ordinal));
        node.Stop();
        PluginNode.AssertBalanced(PluginNode.Report);
        Assert.Equal((0, 0), ((long)PluginNode.Report["accounts"]!["lost"]!, (long)PluginNode.Report["shortened"]!));
    }

    [KernelFact]
    public void Sighup_FormatChanged_TheNextEventHasIt()
    {
        using PluginNode node = new();
        PluginNode.Run("/bin/echo", "as-json");
        node.WaitForArgument("as-json");
        node.ChangeSettings("to: file:FILE\nformat: records");
        node.Reload();
        Eventually.True(() => (int)PluginNode.Report["settingsRead"]! == 2);
        PluginNode.Run("/bin/echo", "as-records");
        Eventually.True(() => RecordsOf(node.Output, "as-records").Length > 3, otherwise: () => node.Log);
        node.Stop();
        PluginNode.AssertBalanced(PluginNode.Report);
    }

    /// <summary>All lines of the event whose arguments have a text; they have to stand together.</summary>
    private static string[] RecordsOf(string file, string argument)
    {
        if (!File.Exists(file)) return [];
        using StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.Latin1);
        string[] lines = reader.ReadToEnd().Split('\n');
        if (lines.FirstOrDefault(l => l.StartsWith("type=EXECVE ", StringComparison.Ordinal) && l.Contains($"\"{argument}\"", StringComparison.Ordinal)) is not { } found) return [];
        string id = found[found.IndexOf("msg=audit(", StringComparison.Ordinal)..found.IndexOf("):", StringComparison.Ordinal)];
        return [.. lines.SkipWhile(l => !l.Contains(id, StringComparison.Ordinal)).TakeWhile(l => l.Contains(id, StringComparison.Ordinal))];
    }
}
