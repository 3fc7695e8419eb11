namespace TestSupport;

/// <summary>The working tree the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The directory that holds the solution.</summary>
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>A file below <see cref="Root"/>.</summary>
    internal static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(string directory) =>
        System.IO.File.Exists(Path.Combine(directory, "AksAuditd.slnx")) ? directory
        : Find(Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("the tests are not inside a working tree"));
}
