using System.Reflection;
using AksAuditd.Configuration;
using AksAuditd.Node;

namespace AksAuditd.Commands;

/// <summary>What every command does first.</summary>
internal static class Startup
{
    /// <summary>This build's version.</summary>
    public static string Version { get; } =
        typeof(Startup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The version without what follows its plus sign: a name for a directory.</summary>
    public static string PlainVersion { get; } = Version.Split('+')[0];

    /// <summary>Reads the configuration, does the work, and turns what the node refuses into one line and <see cref="ExitCode.Failed"/>.</summary>
    public static async Task<int> GuardAsync(Func<Settings, Task<int>> work)
    {
        if (ReadSettings() is not { } settings) return ExitCode.Usage;
        try
        {
            return await work(settings).ConfigureAwait(false);
        }
        catch (NodeException e)
        {
            Console.Error.WriteLine($"aks-auditd: {e.Message}");
            return ExitCode.Failed;
        }
    }

    /// <inheritdoc cref="GuardAsync"/>
    public static int Guard(Func<Settings, int> work) => GuardAsync(settings => Task.FromResult(work(settings))).GetAwaiter().GetResult();

    /// <summary>The configuration; null when it is not valid, and then every error was said, one line each.</summary>
    public static Settings? ReadSettings()
    {
        Settings settings = SettingsReader.Read(SettingsReader.ProcessEnvironment(), out IReadOnlyList<string> errors);
        foreach (string error in errors) Console.Error.WriteLine($"aks-auditd: {error}");
        return errors.Count == 0 ? settings : null;
    }
}

/// <summary>The exit codes of every command.</summary>
internal static class ExitCode
{
    /// <summary>All is fine.</summary>
    public const int Success = 0;

    /// <summary>It did its work and found something wrong.</summary>
    public const int Found = 1;

    /// <summary>It was called wrongly, or its configuration is not valid.</summary>
    public const int Usage = 2;

    /// <summary>It could not do its work.</summary>
    public const int Failed = 3;
}
