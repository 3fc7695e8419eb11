using System.Buffers;
using System.Text.Json;

namespace AksAuditd.Report;

/// <summary>
/// Reads a line of JSON (docs/events.md) for the report; what the report has no use for is passed over. Allocates nothing once the event's buffers have grown.
/// </summary>
internal static class JsonEventReader
{
    // A tree shows one line of it.
    private const int LongestCommandLine = 512;

    /// <summary>Reads a line. False when it is no event, and <paramref name="into"/> is of no use then.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, ReportEvent into)
    {
        into.Clear();
        into.JsonBytes = line.Length;
        into.Time = long.MinValue;
        try
        {
            Utf8JsonReader json = new(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            bool hasEvent = false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("@timestamp"u8))
                {
                    json.Read();
                    if (json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out DateTimeOffset time)) into.Time = time.ToUnixTimeMilliseconds();
                }
                else if (json.ValueTextEquals("event"u8)) hasEvent = ReadEvent(ref json, into);
                else if (json.ValueTextEquals("host"u8)) ReadMember(ref json, "name"u8, into.Node);
                else if (json.ValueTextEquals("tags"u8)) ReadFirst(ref json, into.Key);
                else if (json.ValueTextEquals("message"u8)) ReadText(ref json, into.Message);
                else if (json.ValueTextEquals("process"u8)) ReadProcess(ref json, into);
                else if (json.ValueTextEquals("user"u8)) ReadUser(ref json, into);
                else if (json.ValueTextEquals("kubernetes"u8)) ReadKubernetes(ref json, into);
                else if (json.ValueTextEquals("container"u8)) ReadMember(ref json, "id"u8, into.Container);
                else if (json.ValueTextEquals("destination"u8)) ReadPeer(ref json, PeerKind.Destination, into);
                else if (json.ValueTextEquals("source"u8)) ReadPeer(ref json, PeerKind.Source, into);
                else if (json.ValueTextEquals("server"u8)) ReadPeer(ref json, PeerKind.Server, into);
                else if (json.ValueTextEquals("notice"u8)) ReadNotice(ref json, into);
                else json.Skip();
            }

            return hasEvent && into.Time >= 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or a member of another kind than ours have.
            return false;
        }
    }

    private static bool ReadEvent(ref Utf8JsonReader json, ReportEvent into)
    {
        bool isOurs = false, isNumbered = false, hasOutcome = false;
        for (Open(ref json); IsMember(ref json);)
        {
            if (json.ValueTextEquals("action"u8)) ReadText(ref json, into.Action);
            else if (json.ValueTextEquals("outcome"u8))
            {
                json.Read();
                hasOutcome = true;
                into.Success = json.ValueTextEquals("success"u8) ? true : json.ValueTextEquals("failure"u8) ? false : null;
            }
            else if (json.ValueTextEquals("sequence"u8))
            {
                ReadNumber(ref json);
                isNumbered = true;
            }
            else if (json.ValueTextEquals("provider"u8))
            {
                json.Read();
                isOurs = json.ValueTextEquals("aks-auditd"u8);
            }
            else json.Skip();
        }

        if (!isOurs)
        {
            // That a program was started with success is not said.
            if (!hasOutcome && into.Action.WrittenSpan.SequenceEqual("executed"u8)) into.Success = true;
            return isNumbered;
        }

        ReadOnlySpan<byte> action = into.Action.WrittenSpan;
        into.Notice = action.SequenceEqual("lost-events"u8) ? NoticeCount.Lost
            : action.SequenceEqual("suppressed-events"u8) ? NoticeCount.Suppressed
            : action.SequenceEqual("could-not-read"u8) ? NoticeCount.Unreadable
            : NoticeCount.Other;
        return true;
    }

    private static void ReadProcess(ref Utf8JsonReader json, ReportEvent into)
    {
        for (Open(ref json); IsMember(ref json);)
        {
            if (json.ValueTextEquals("pid"u8)) into.Pid = ReadProcessId(ref json);
            else if (json.ValueTextEquals("executable"u8)) ReadText(ref json, into.Executable);
            else if (json.ValueTextEquals("args"u8)) ReadArguments(ref json, into.CommandLine);
            else if (json.ValueTextEquals("parent"u8))
            {
                for (Open(ref json); IsMember(ref json);)
                {
                    if (json.ValueTextEquals("pid"u8)) into.ParentPid = ReadProcessId(ref json);
                    else if (json.ValueTextEquals("executable"u8)) ReadText(ref json, into.ParentExecutable);
                    else json.Skip();
                }
            }
            else json.Skip();
        }
    }

    private static void ReadUser(ref Utf8JsonReader json, ReportEvent into)
    {
        for (Open(ref json); IsMember(ref json);)
        {
            if (json.ValueTextEquals("audit"u8))
                for (Open(ref json); IsMember(ref json);) ReadIdentity(ref json, into.Login);
            else ReadIdentity(ref json, into.User);
        }
    }

    // The name comes behind the number, and takes its place.
    private static void ReadIdentity(ref Utf8JsonReader json, ArrayBufferWriter<byte> name)
    {
        bool isNumber = json.ValueTextEquals("id"u8);
        if (!isNumber && !json.ValueTextEquals("name"u8))
        {
            json.Skip();
            return;
        }

        json.Read();
        name.ResetWrittenCount();
        if (isNumber) name.Write(json.ValueSpan);
        else CopyText(ref json, name);
    }

    private static void ReadKubernetes(ref Utf8JsonReader json, ReportEvent into)
    {
        for (Open(ref json); IsMember(ref json);)
        {
            if (json.ValueTextEquals("namespace"u8)) ReadText(ref json, into.Namespace);
            else if (json.ValueTextEquals("pod"u8)) ReadMember(ref json, "name"u8, into.Pod);
            else if (json.ValueTextEquals("container"u8)) ReadMember(ref json, "name"u8, into.ContainerName);
            else json.Skip();
        }
    }

    private static void ReadPeer(ref Utf8JsonReader json, PeerKind kind, ReportEvent into)
    {
        for (Open(ref json); IsMember(ref json);)
        {
            if (json.ValueTextEquals("ip"u8)) ReadText(ref json, into.Address);
            else if (json.ValueTextEquals("port"u8)) into.Port = ReadNumber(ref json);
            else json.Skip();
        }

        if (into.Address.WrittenCount > 0) into.Peer = kind;
    }

    private static void ReadNotice(ref Utf8JsonReader json, ReportEvent into)
    {
        for (Open(ref json); IsMember(ref json);)
        {
            if (json.ValueTextEquals("count"u8)) into.NoticeEvents = ReadNumber(ref json);
            else json.Skip();
        }
    }

    private static void ReadMember(ref Utf8JsonReader json, ReadOnlySpan<byte> name, ArrayBufferWriter<byte> text)
    {
        for (Open(ref json); IsMember(ref json);)
        {
            if (json.ValueTextEquals(name)) ReadText(ref json, text);
            else json.Skip();
        }
    }

    private static void ReadFirst(ref Utf8JsonReader json, ArrayBufferWriter<byte> text)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) throw new JsonException();
        for (bool first = true; json.Read() && json.TokenType != JsonTokenType.EndArray; first = false)
            if (first) CopyText(ref json, text);
    }

    private static void ReadArguments(ref Utf8JsonReader json, ArrayBufferWriter<byte> text)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) throw new JsonException();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (text.WrittenCount > LongestCommandLine) continue;
            if (text.WrittenCount > 0) text.Write(" "u8);
            // null is an argument that was lost.
            if (json.TokenType == JsonTokenType.String) CopyText(ref json, text);
            else text.Write("…"u8);
        }
    }

    private static void ReadText(ref Utf8JsonReader json, ArrayBufferWriter<byte> text)
    {
        json.Read();
        text.ResetWrittenCount();
        CopyText(ref json, text);
    }

    private static void CopyText(ref Utf8JsonReader json, ArrayBufferWriter<byte> text)
    {
        if (json.TokenType != JsonTokenType.String) throw new JsonException();
        text.Advance(json.CopyString(text.GetSpan(Math.Max(1, json.ValueSpan.Length))));
    }

    private static long ReadNumber(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TryGetInt64(out long number) && number >= 0 ? number : throw new JsonException();
    }

    private static uint ReadProcessId(ref Utf8JsonReader json) => ReadNumber(ref json) is var number and < uint.MaxValue ? (uint)number : ReportEvent.None;

    private static void Open(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException();
    }

    private static bool IsMember(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;
}
