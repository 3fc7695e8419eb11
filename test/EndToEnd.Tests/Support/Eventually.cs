using System.Diagnostics;

namespace EndToEnd.Tests.Support;

/// <summary>Waiting for what another process does.</summary>
internal static class Eventually
{
    public static void True(Func<bool> condition, int seconds = 20, Func<string>? otherwise = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed.TotalSeconds > seconds) Assert.Fail($"not within {seconds} s: {otherwise?.Invoke() ?? "condition"}");
            Thread.Sleep(20);
        }
    }
}
