using System.Text.Json;
using AksAuditd.Events.Reporting;
using AksAuditd.Tests.Support;

namespace AksAuditd.Tests.Events.Reporting;

public sealed class EventsSummaryTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Of_AnHour_SaysWhatADayCosts()
    {
        EventsReport report = Report(Start.AddHours(1), new("cheap", 36, 3_600, 1_800, 0), new("dear", 3_600, 1_000_000_000, 500_000_000, 7));
        EventsSummary summary = EventsSummary.Of(report, Start.AddHours(1));
        Assert.Equal(["dear", "cheap"], summary.Keys.Select(k => k.Key));
        Assert.Equal(new("dear", 3_600, 1_000_000_000, 500_000_000, 7, 1.0, 24.0, 12.0), Rounded(summary.Keys[0]));
        Assert.Equal(0.01, summary.Keys[1].EventsPerSecond, 6);
    }

    [Fact]
    public void Of_ClockSetBack_HasNoNonsense()
    {
        EventsSummary summary = EventsSummary.Of(Report(Start.AddHours(-1), new KeyReport("k", 10, 100, 0, 0)), Start);
        Assert.Equal(10, summary.Keys[0].EventsPerSecond);
    }

    [Fact]
    public void Shown_HostileKey_CannotMoveTheCursor()
    {
        EventsSummary summary = EventsSummary.Of(Report(Start, new KeyReport("a\e[2Jb", 1, 1, 1, 0), new KeyReport("", 1, 1, 0, 0)), Start);
        Assert.DoesNotContain('\e', summary.Keys[0].Shown);
        Assert.Equal("(no key)", summary.Keys[1].Shown);
    }

    [Fact]
    public void Problem_SaysWhatIsWrong()
    {
        EventsReport own = Report(Start) with { Pid = Environment.ProcessId };
        Assert.Null(EventsReportFile.Problem(own, Start.AddSeconds(120)));
        Assert.Equal($"the events program (pid {Environment.ProcessId}) hangs: its last report is of 2026-11-22T00:00:00Z", EventsReportFile.Problem(own, Start.AddSeconds(121)));
        Assert.Equal("the events program (pid 4194999) has ended", EventsReportFile.Problem(own with { Pid = 4194999 }, Start));
        Assert.Equal("the events program does not run: there is no /run/aks-auditd/events.json", EventsReportFile.Problem(null, Start));
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        EventsReport report = Report(Start, new KeyReport("k", 1, 2, 3, 4)) with { Losses = new(1, 2, 3, 4, 5, 6), Accounts = new() { Received = 9, Lost = 21 } };
        string path = _directory["events.json"];
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(report, EventsJson.Default.EventsReport));
        EventsReport read = EventsReportFile.Read(path)!;
        Assert.Equal(report.Keys, read.Keys);
        Assert.Equal(report with { Keys = read.Keys }, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"version\":\"1\"}")]
    [InlineData("null")]
    public void Read_Damaged_IsNull(string text) => Assert.Null(EventsReportFile.Read(_directory.Write("events.json", text)));

    [Fact]
    public void Read_NoFile_IsNull() => Assert.Null(EventsReportFile.Read(_directory["none.json"]));

    private static KeyPrice Rounded(KeyPrice price) => price with
    {
        EventsPerSecond = Math.Round(price.EventsPerSecond, 6),
        RecordGigabytesPerDay = Math.Round(price.RecordGigabytesPerDay, 6),
        GigabytesPerDay = Math.Round(price.GigabytesPerDay, 6),
    };

    private static EventsReport Report(DateTimeOffset at, params KeyReport[] keys) => new()
    {
        Version = "1",
        Pid = 1,
        Since = Start,
        At = at,
        Source = "auditd",
        Sink = "stdout",
        Keys = keys,
    };
}
