namespace EndToEnd.Tests.Support;

/// <summary>Whether test/long.sh runs the tests, which has time for cases that test.sh takes a choice of.</summary>
internal static class LongRun
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("AKS_LONG_TESTS") is { Length: > 0 };
}
