namespace Fuzz;

/// <summary>Every parser of the program, and whole policies.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("rules", ExistingTests.Rules), new("records", ExistingTests.Records), new("assembler", ExistingTests.Assembler), new("events-json", ExistingTests.Encoder),
        new("events-records", ExistingTests.RecordsEncoder),
        new("rule-differences", ExistingTests.Differences),
        new("plugin-conf", ConfFiles.Plugin), new("auditd-conf", ConfFiles.Auditd),
        new("events-yaml", YamlFiles.Events), new("config-yaml", YamlFiles.Config), new("configmap-yaml", YamlFiles.ConfigMap),
        new("durations", Durations.Case), new("audisp-frames", Streams.Case), new("netlink", NetlinkMessages.Case), new("policies", Policies.Case),
    ];
}
