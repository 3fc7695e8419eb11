namespace AksAuditd.Node;

/// <summary>Which distribution a node runs: os-release(5).</summary>
/// <param name="Id">Its lower-case name, <c>debian</c> or <c>azurelinux</c>; <c>linux</c> when the file does not say, as os-release(5) has it.</param>
/// <param name="Like">The names of those it is made from, closest first.</param>
/// <param name="PrettyName">For people.</param>
internal sealed record OsRelease(string Id, IReadOnlyList<string> Like, string PrettyName)
{
    private static readonly string[] Files = ["/etc/os-release", "/usr/lib/os-release"];

    /// <summary>Its own name and then those it is like.</summary>
    public IEnumerable<string> Names => Like.Prepend(Id);

    /// <summary>Reads this process's root's file; null when there is none.</summary>
    public static OsRelease? Read() => Read(Files);

    /// <summary>Reads the first of these files that is there. A link that leads nowhere is not there.</summary>
    public static OsRelease? Read(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            try
            {
                return Parse(File.ReadAllText(file));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // The next one, then.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw NodeException.From(e, file, "read");
            }
        }

        return null;
    }

    /// <summary>Reads the format: lines <c>KEY=value</c>, the value in shell quotes or without; the last of several counts.</summary>
    public static OsRelease Parse(string text)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            int equals = line.IndexOf('=');
            if (equals > 0 && line[0] != '#') values[line[..equals]] = Unquote(line[(equals + 1)..]);
        }

        string id = Value("ID") is { Length: > 0 } named ? named.ToLowerInvariant() : "linux";
        return new(id, Value("ID_LIKE").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Value("PRETTY_NAME") is { Length: > 0 } pretty ? pretty : $"{id} {Value("VERSION_ID")}".TrimEnd());

        string Value(string key) => values.GetValueOrDefault(key, "");
    }

    // A backslash before one of $ " ' \ ` stands for the character alone.
    private static string Unquote(string value)
    {
        if (value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0]) value = value[1..^1];
        System.Text.StringBuilder plain = new(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] is '$' or '"' or '\'' or '\\' or '`') i++;
            plain.Append(value[i]);
        }

        return plain.ToString();
    }

    public override string ToString() => PrettyName;
}
