using System.Reflection;
using AksAuditd.Configuration;

namespace AksAuditd.Commands;

/// <summary>What every command does first.</summary>
internal static class Startup
{
    /// <summary>This build's version.</summary>
    public static string Version { get; } =
        typeof(Startup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

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
