using System.Globalization;
using AksAuditd.Node;

namespace AksAuditd.Report;

/// <summary>Which files a report is made of.</summary>
internal static class ReportInputs
{
    /// <summary>Opens files, in the order of their first events.</summary>
    /// <param name="paths">Files, and directories that stand for the log in them with those that auditd has rotated.</param>
    /// <exception cref="NodeException">One cannot be read.</exception>
    public static List<ReportInput> Open(IEnumerable<string> paths)
    {
        List<ReportInput> inputs = [];
        try
        {
            foreach (string path in paths)
            {
                if (!Directory.Exists(path)) inputs.Add(ReportInput.Open(path));
                else
                    foreach (string file in WithRotated(Path.Combine(path, "audit.log"))) inputs.Add(ReportInput.Open(file));
            }

            // Stable: what has no time stays behind what it was given behind.
            return [.. inputs.OrderBy(i => i.FirstTime)];
        }
        catch (NodeException)
        {
            foreach (ReportInput input in inputs) input.Dispose();
            throw;
        }
    }

    /// <summary>A log, and its name with a dot and a number, as auditd rotates.</summary>
    public static List<string> WithRotated(string log)
    {
        List<string> files = [log];
        string? directory = Path.GetDirectoryName(log);
        if (!Directory.Exists(directory)) return files;
        string prefix = $"{Path.GetFileName(log)}.";
        try
        {
            foreach (string file in Directory.EnumerateFiles(directory))
            {
                string name = Path.GetFileName(file);
                if (name.StartsWith(prefix, StringComparison.Ordinal) && uint.TryParse(name[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out _)) files.Add(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeException(directory, $"cannot be read: {e.Message}");
        }

        return files;
    }
}
