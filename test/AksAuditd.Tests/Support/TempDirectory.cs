namespace AksAuditd.Tests.Support;

/// <summary>A directory of one test.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("aks-auditd-test-").FullName;

    public string this[string name] => System.IO.Path.Join(Path, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    // Not Directory.Delete: tests plant names that are not UTF-8, which .NET cannot spell.
    public void Dispose() => System.Diagnostics.Process.Start("rm", ["-rf", Path]).WaitForExit();
}
