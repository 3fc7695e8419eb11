using AksAuditd.Events;
using AksAuditd.Events.Selection;

namespace AksAuditd.Tests.Events;

public sealed class EventsSettingsReaderTests
{
    [Fact]
    public void Read_EveryKey_IsTaken()
    {
        EventsSettings settings = Read("""
            to: file:/var/log/events.json
            format: json
            nodeName: node-7
            maxBytes: 64Ki
            raw: true
            runtimeNoise: keep
            filters:
              - keep: { namespace: payments, success: false }
              - sample: { exe: '/usr/bin/*', oneIn: 10 }
              - drop: { host: true, key: opens }
            budgets: { perKey: 100, perPod: 50 }
            queue: 1Mi
            spool: { directory: /srv/spool, size: 2Gi }
            """);
        Assert.Equal(("file:/var/log/events.json", "node-7", 65536, true, false), (settings.To, settings.NodeName, settings.MaxBytes, settings.Raw, settings.DropsRuntimeNoise));
        Assert.Equal((100, 50, 1048576L, "/srv/spool", 2147483648L),
            (settings.EventsPerKey, settings.EventsPerPod, settings.QueueBytes, settings.SpoolDirectory, settings.SpoolBytes));
        Assert.Equal([(FilterAction.Keep, 0), (FilterAction.Sample, 10), (FilterAction.Drop, 0)], settings.Filters.Select(f => (f.Action, f.OneIn)));
        Assert.Equal(("payments", false), (settings.Filters[0].Match.Namespace!.Text, settings.Filters[0].Match.Success));
    }

    [Fact]
    public void Read_RecordsToContainerInsights_IsTaken()
    {
        EventsSettings settings = Read("to: container-insights?facility=local6\nformat: records\nraw: false\n");
        Assert.Equal(("container-insights?facility=local6", EventFormat.Records, false), (settings.To, settings.Format, settings.Raw));
        Assert.Equal(EventFormat.Json, new EventsSettings().Format);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but words\n")]
    public void Read_NothingInIt_IsTheDefaults(string text) => Assert.Equal(new EventsSettings(), Read(text));

    [Theory]
    [InlineData("too: stdout", "events.yaml:1:1: unknown key 'too'; did you mean to?")]
    [InlineData("maxBytes: 10", "events.yaml:1:11: maxBytes: '10' is not valid; valid: bytes from 1024 to 1048576, or with Ki, Mi or Gi behind it")]
    [InlineData("queue: 9999999999999Gi", "events.yaml:1:8: queue: '9999999999999Gi' is not valid; valid: bytes from 65536 to 1073741824, or with Ki, Mi or Gi behind it")]
    [InlineData("format: text", "events.yaml:1:9: format: 'text' is not valid; valid: json or records")]
    [InlineData("raw: true\nformat: records", "events.yaml:1:6: raw: adds the records to JSON; with 'format: records' there is nothing to add them to")]
    [InlineData("to: container-insight", "events.yaml:1:5: to: \"container-insight\" is no sink (known: container-insights, stdout, file:/PATH, syslog:/dev/log, syslog:unix:///PATH, syslog:tcp://ADDRESS:PORT)")]
    [InlineData("raw: yes", "events.yaml:1:6: raw: 'yes' is not valid; valid: true or false")]
    [InlineData("filters: x", "events.yaml:1:10: filters: a list is expected, such as '- drop: { key: opens }'")]
    [InlineData("filters: [ { drp: { key: a } } ]", "events.yaml:1:14: unknown key 'drp'; did you mean drop?")]
    [InlineData("filters: [ { drop: { } } ]", "events.yaml:1:20: matches every event; say which: '{ exe: \"*\" }' means all")]
    [InlineData("filters: [ { drop: { kay: a } } ]", "events.yaml:1:22: unknown key 'kay'; did you mean key?")]
    [InlineData("filters: [ { sample: { key: a } } ]", "events.yaml:1:22: sample: 'oneIn' is missing: of how many events one is kept")]
    [InlineData("filters: [ { drop: { key: a, oneIn: 3 } } ]", "events.yaml:1:30: unknown key 'oneIn'; valid: key, exe, type, user, login, namespace, pod, container, success, host")]
    [InlineData("filters: [ { sample: { key: a, oneIn: 1 } } ]", "events.yaml:1:39: oneIn: '1' is not valid; valid: a number from 2 to 1000000")]
    [InlineData("filters: [ { drop: { key: [a] } } ]", "events.yaml:1:27: key: 'a list or mapping' is not valid; valid: a text; * stands for any characters")]
    [InlineData("budgets: { perKey: -1 }", "events.yaml:1:20: perKey: '-1' is not valid; valid: events a second, 0 (no limit) to 1000000")]
    [InlineData("spool: { directory: a/b }", "events.yaml:1:21: directory: 'a/b' is not valid; valid: an absolute path without '..'")]
    [InlineData("- a", "events.yaml:1:1: a mapping of keys to values is expected, such as 'to: stdout'")]
    public void Read_Mistake_SaysWhereAndWhatIsValid(string text, string expected)
    {
        EventsSettingsReader.Read("events.yaml", text, new(), out IReadOnlyList<SettingsMistake> errors);
        Assert.Equal(expected, Assert.Single(errors).ToString());
    }

    [Fact]
    public void Read_SinkOfTwoLines_IsAMistakeOfOne()
    {
        EventsSettingsReader.Read("events.yaml", "to: file:/x?count=5\n\n  y\n", new(), out IReadOnlyList<SettingsMistake> errors);
        string mistake = Assert.Single(errors).ToString();
        Assert.StartsWith("events.yaml:1:5: to: ", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', mistake);
    }

    [Fact]
    public void Read_NoYaml_SaysWhere()
    {
        EventsSettingsReader.Read("events.yaml", "to: [\n", new(), out IReadOnlyList<SettingsMistake> errors);
        Assert.StartsWith("events.yaml:2:1: not valid YAML: ", Assert.Single(errors).ToString(), StringComparison.Ordinal);
    }

    /// <summary>Found by test/fuzz.sh: the YAML parser throws what is no YamlException, or would take all memory or stack.</summary>
    [Theory]
    [InlineData("to: {a?b\nc\n", "not valid YAML")]
    [InlineData("...\nto: a\n", "not valid YAML")]
    [InlineData(" : a?s\fze=1\n", "not valid YAML")]
    [InlineData("filters: &a [ { drop: &a { key: x } } ]\n*a : *a\n", "*a stands for a list or mapping; an alias may only stand for a text")]
    [InlineData("a: &a [x, x]\nb: &b [*a, *a]\n? [*b, *b]\n: x\n", "*a stands for a list or mapping; an alias may only stand for a text")]
    public void Read_WhatTheYamlParserDoesNotStand_IsAMistake(string text, string expected)
    {
        EventsSettingsReader.Read("events.yaml", text, new(), out IReadOnlyList<SettingsMistake> errors);
        Assert.Contains(expected, Assert.Single(errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AMillionBrackets_IsAMistake()
    {
        EventsSettingsReader.Read("events.yaml", "to: " + new string('[', 1_000_000), new(), out IReadOnlyList<SettingsMistake> errors);
        Assert.Equal("events.yaml:1:24: more than 20 levels of nesting", Assert.Single(errors).ToString());
    }

    [Fact]
    public void Read_AliasOfAText_IsThatText() => Assert.Equal("b", Read("to: stdout\nnodeName: &a b\nfilters: [ { drop: { key: *a } } ]\n").Filters[0].Match.Key!.Text);

    [Fact]
    public void Read_SeveralMistakes_SaysAll()
    {
        EventsSettingsReader.Read("events.yaml", "raw: 1\nqueue: 1\nfilters:\n  - drop: { success: x }\n", new(), out IReadOnlyList<SettingsMistake> errors);
        Assert.Equal(3, errors.Count);
    }

    private static EventsSettings Read(string text)
    {
        EventsSettings settings = EventsSettingsReader.Read("events.yaml", text, new(), out IReadOnlyList<SettingsMistake> errors);
        Assert.Empty(errors);
        return settings;
    }
}
