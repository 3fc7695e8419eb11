using System.Globalization;
using AksAuditd.Configuration;
using AksAuditd.Events.Delivery;
using AksAuditd.Events.Selection;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AksAuditd.Events;

/// <summary>Reads <c>events.yaml</c> and collects everything that is wrong with it.</summary>
internal sealed class EventsSettingsReader
{
    private const int MaxRate = 1_000_000;
    private readonly string _path;
    private readonly List<SettingsMistake> _errors = [];

    private EventsSettingsReader(string path) => _path = path;

    /// <summary>Reads a file.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="text">Its content; empty or nothing but comments means the defaults.</param>
    /// <param name="defaults">What holds for keys that are not in it.</param>
    /// <param name="errors">Every mistake; empty when all is well.</param>
    public static EventsSettings Read(string path, string text, EventsSettings defaults, out IReadOnlyList<SettingsMistake> errors)
    {
        EventsSettingsReader reader = new(path);
        errors = reader._errors;
        if (YamlTree.TryRead(text, out YamlNode? root, out Mark at, out string error)) return root is null ? defaults : reader.ReadRoot(root, defaults);
        reader.Report(at, error);
        return defaults;
    }

    private EventsSettings ReadRoot(YamlNode root, EventsSettings settings)
    {
        YamlNode? raw = null;
        foreach ((string key, YamlNode value) in Entries(root, "a mapping of keys to values is expected, such as 'to: stdout'",
            ["to", "embeddedTo", "format", "nodeName", "maxBytes", "raw", "selfContained", "runtimeNoise", "filters", "budgets", "queue", "spool"]))
        {
            if (key == "raw") raw = value;
            settings = key switch
            {
                "to" => settings with { To = Sink(key, value) ?? settings.To },
                "embeddedTo" => settings with { EmbeddedTo = Sink(key, value) },
                "format" => settings with { Format = Choice(key, value, "json", "records") is { } isJson ? isJson ? EventFormat.Json : EventFormat.Records : settings.Format },
                "nodeName" => settings with { NodeName = Text(key, value, "a name", t => t) ?? settings.NodeName },
                "maxBytes" => settings with { MaxBytes = (int)Size(key, value, 1024, 1024 * 1024, settings.MaxBytes) },
                "raw" => settings with { Raw = Boolean(key, value) ?? settings.Raw },
                "selfContained" => settings with { IsSelfContained = Boolean(key, value) ?? settings.IsSelfContained },
                "runtimeNoise" => settings with { DropsRuntimeNoise = Choice(key, value, "drop", "keep") ?? settings.DropsRuntimeNoise },
                "filters" => settings with { Filters = Filters(value) },
                "budgets" => Budgets(value, settings),
                "queue" => settings with { QueueBytes = Size(key, value, 64 * 1024, 1L << 30, settings.QueueBytes) },
                _ => Spool(value, settings),
            };
        }

        if (raw is not null && settings is { Raw: true, Format: EventFormat.Records }) Report(raw, "raw: adds the records to JSON; with 'format: records' there is nothing to add them to");
        return settings;
    }

    private string? Sink(string key, YamlNode node)
    {
        string? text = (node as YamlScalarNode)?.Value;
        if (SinkAddress.TryParse(text ?? "", out _, out string? error)) return text;
        Report(node, $"{key}: {ConfigText.OneLine(error)}");
        return null;
    }

    private EventsSettings Budgets(YamlNode node, EventsSettings settings)
    {
        foreach ((string key, YamlNode value) in Entries(node, "'perKey' and 'perPod' are expected", ["perKey", "perPod"]))
        {
            int? rate = Text<int>(key, value, $"events a second, 0 (no limit) to {MaxRate}", t => Number(t, 0, MaxRate));
            settings = key == "perKey" ? settings with { EventsPerKey = rate ?? 0 } : settings with { EventsPerPod = rate ?? 0 };
        }

        return settings;
    }

    private EventsSettings Spool(YamlNode node, EventsSettings settings)
    {
        foreach ((string key, YamlNode value) in Entries(node, "'directory' and 'size' are expected", ["directory", "size"]))
        {
            settings = key == "size"
                ? settings with { SpoolBytes = Size(key, value, 0, 64L << 30, settings.SpoolBytes) }
                : settings with { SpoolDirectory = Text(key, value, "an absolute path without '..'", t => t is ['/', ..] && !t.Split('/').Contains("..") ? t : null) ?? settings.SpoolDirectory };
        }

        return settings;
    }

    private List<EventFilter> Filters(YamlNode node)
    {
        List<EventFilter> filters = [];
        if (node is not YamlSequenceNode list)
        {
            Report(node, "filters: a list is expected, such as '- drop: { key: opens }'");
            return filters;
        }

        foreach (YamlNode item in list.Children)
        {
            foreach ((string action, YamlNode match) in Entries(item, "one of 'keep', 'drop', 'sample' is expected", ["keep", "drop", "sample"]))
            {
                FilterAction does = action switch { "keep" => FilterAction.Keep, "drop" => FilterAction.Drop, _ => FilterAction.Sample };
                if (Filter(does, match) is { } filter) filters.Add(filter);
            }
        }

        return filters;
    }

    private EventFilter? Filter(FilterAction action, YamlNode node)
    {
        EventMatch match = new();
        int oneIn = 0, before = _errors.Count;
        string[] keys = ["key", "exe", "type", "user", "login", "namespace", "pod", "container", "success", "host"];
        foreach ((string key, YamlNode value) in Entries(node, "what it matches is expected, such as '{ namespace: payments }'", action == FilterAction.Sample ? [.. keys, "oneIn"] : keys))
        {
            TextPattern? Pattern() => Text(key, value, "a text; * stands for any characters", t => t.Length > 0 ? new TextPattern(t) : null);
            match = key switch
            {
                "key" => match with { Key = Pattern() },
                "exe" => match with { Exe = Pattern() },
                "type" => match with { Type = Pattern() },
                "user" => match with { User = Pattern() },
                "login" => match with { Login = Pattern() },
                "namespace" => match with { Namespace = Pattern() },
                "pod" => match with { Pod = Pattern() },
                "container" => match with { Container = Pattern() },
                "success" => match with { Success = Boolean(key, value) },
                "host" => match with { Host = Boolean(key, value) },
                _ => match,
            };
            if (key == "oneIn") oneIn = Text<int>(key, value, "a number from 2 to 1000000", t => Number(t, 2, 1_000_000)) ?? 0;
        }

        if (_errors.Count > before) return null;
        if (action == FilterAction.Sample && oneIn == 0) Report(node, "sample: 'oneIn' is missing: of how many events one is kept");
        // An empty match is every event: too easily a mistake.
        if (match == new EventMatch()) Report(node, "matches every event; say which: '{ exe: \"*\" }' means all");
        return _errors.Count > before ? null : new(action, match, oneIn);
    }

    private IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode node, string expected, string[] known)
    {
        if (node is not YamlMappingNode map)
        {
            Report(node, expected);
            yield break;
        }

        foreach ((YamlNode keyNode, YamlNode value) in map.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? keyNode.ToString();
            if (known.Contains(key)) yield return (key, value);
            else Report(keyNode, $"unknown key '{ConfigText.OneLine(key)}'; {ConfigText.Known(key, known)}");
        }
    }

    private T? Text<T>(string key, YamlNode node, string valid, Func<string, T?> parse)
    {
        if (node is YamlScalarNode { Value: { } text } && parse(text) is { } value) return value;
        string shown = node is YamlScalarNode scalar ? ConfigText.OneLine(scalar.Value ?? "") : "a list or mapping";
        Report(node, $"{key}: '{shown}' is not valid; valid: {valid}");
        return default;
    }

    private T? Text<T>(string key, YamlNode node, string valid, Func<string, T?> parse)
        where T : struct
    {
        if (node is YamlScalarNode { Value: { } text } && parse(text) is { } value) return value;
        string shown = node is YamlScalarNode scalar ? ConfigText.OneLine(scalar.Value ?? "") : "a list or mapping";
        Report(node, $"{key}: '{shown}' is not valid; valid: {valid}");
        return null;
    }

    private bool? Boolean(string key, YamlNode node) => Choice(key, node, "true", "false");

    private bool? Choice(string key, YamlNode node, string yes, string no) =>
        Text<bool>(key, node, $"{yes} or {no}", t => t == yes ? true : t == no ? false : null);

    private long Size(string key, YamlNode node, long least, long most, long otherwise) =>
        Text<long>(key, node, $"bytes from {least} to {most}, or with Ki, Mi or Gi behind it", t => Quantity.TryParse(t, out long size) && size >= least && size <= most ? size : null) ?? otherwise;

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most ? value : null;

    private void Report(YamlNode node, string message) => Report(node.Start, message);

    private void Report(Mark at, string message) => _errors.Add(new(_path, (int)at.Line, (int)at.Column, message));
}
