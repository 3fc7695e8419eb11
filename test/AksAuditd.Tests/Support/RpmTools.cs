using System.Diagnostics;

namespace AksAuditd.Tests.Support;

/// <summary>For tests with a real dnf and packages made on the spot.</summary>
public static class RpmTools
{
    public const string Needed = "needs root, dnf, rpmbuild and createrepo_c (Debian: dnf rpm createrepo-c)";

    public static bool AreThere => Root.IsRoot && new[] { "dnf", "rpmbuild", "createrepo_c" }.All(p => File.Exists($"/usr/bin/{p}"));

    /// <summary>Makes a package with one file, <c>/usr/sbin/NAME</c>.</summary>
    internal static void Build(TempDirectory directory, string name, string requires = "")
    {
        string spec = directory.Write($"{name}.spec", $"""
            Name: {name}
            Version: 4.0
            Release: 1
            Summary: A small package
            License: MIT
            BuildArch: noarch
            {(requires.Length > 0 ? $"Requires: {requires}" : "")}
            %description
            A small package.
            %install
            mkdir -p %buildroot/usr/sbin
            echo {name} >%buildroot/usr/sbin/{name}
            %files
            /usr/sbin/{name}

            """);
        Run("rpmbuild", "-bb", "--quiet", "--define", $"_topdir {directory["build"]}", "--define", $"_rpmdir {directory["repo"]}", spec);
    }

    internal static string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{error.Result}");
        return output;
    }
}
