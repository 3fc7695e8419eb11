using System.Text;
using System.Text.Json;
using AksAuditd.Events;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;
using AksAuditd.Tests.Support;
using LinuxAudit.Records;
using TestSupport;

namespace AksAuditd.Tests.Events.Json;

/// <summary>Lines of a log to lines of JSON, as the program does it.</summary>
internal sealed class Encoded(EncoderOptions? options = null)
{
    internal static readonly IdentityTable Identities = IdentityTable.Parse("root:x:0:0::/:/bin/sh\ndaemon:x:1:1::/:\nalice:x:1000:1000::/:\n"u8, "root:x:0:\ndaemon:x:1:\nalice:x:1000:\nstaff:x:50:\n"u8);

    internal static readonly Container Checkout = NewContainer();

    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllBytes(Repository.File("docs", "event.schema.json"))).RootElement;

    private readonly EventAssembler _assembler = new();
    private readonly EventFacts _facts = new();

    internal Interpreter Interpreter { get; } = new(Identities);

    internal EventEncoder Encoder => field ??= new EventEncoder(Interpreter, options ?? new EncoderOptions { NodeName = "node-1" });

    internal ProcessContext Context { get; init; } = new(ProcessPlace.Container, Checkout, "/usr/bin/bash"u8.ToArray());

    internal static SchemaValidator Validator => new(Schema);

    internal static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);

    internal static byte[][] Corpus(string name) => [.. Lines(File.ReadAllBytes(Repository.File("test", "corpus", "records", name)))];

    internal static IEnumerable<byte[]> Lines(byte[] log)
    {
        for (int start = 0, end; start < log.Length; start = end + 1)
        {
            end = Array.IndexOf(log, (byte)'\n', start);
            if (end < 0) end = log.Length;
            yield return log[start..end];
        }
    }

    /// <summary>The only event of some records, as JSON.</summary>
    internal static JsonElement One(params string[] records) => new Encoded().Single(records);

    internal JsonElement Single(params string[] records)
    {
        List<byte[]> lines = All(records.Select(Bytes));
        return JsonDocument.Parse(Assert.Single(lines)).RootElement;
    }

    internal List<byte[]> All(IEnumerable<byte[]> lines)
    {
        List<byte[]> result = [];
        Each(lines, (_, json) => result.Add(json.ToArray()));
        return result;
    }

    /// <summary>Calls <paramref name="use"/> with each event and its line.</summary>
    internal void Each(IEnumerable<byte[]> lines, Action<AuditEvent, ReadOnlyMemory<byte>> use)
    {
        foreach (byte[] line in lines)
        {
            _assembler.Add(line);
            Take(use);
        }
        _assembler.Flush();
        Take(use);
    }

    internal string Notice(in Notice notice)
    {
        return Encoding.UTF8.GetString(Encoder.EncodeNotice(notice));
    }

    /// <summary>What is wrong with a line: null when it is one line of valid JSON in valid UTF-8 that the schema allows, no member twice.</summary>
    internal static string? Problem(ReadOnlyMemory<byte> line, int maxBytes = 8000) => JsonProblem(line, maxBytes) ?? SchemaProblem(line);

    internal static string? JsonProblem(ReadOnlyMemory<byte> line, int maxBytes)
    {
        if (line.Length > maxBytes) return $"{line.Length} bytes";
        if (line.Span.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0) return "a control character";
        try
        {
            _ = StrictUtf8.GetCharCount(line.Span);
            using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return null;
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return e.Message;
        }
    }

    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    private static string? SchemaProblem(ReadOnlyMemory<byte> line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        IReadOnlyList<string> problems = Validator.Problems(document.RootElement);
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    /// <summary>The bytes a string stands for: <c>\xNN</c> is a byte that is no character.</summary>
    internal static byte[] Decode(string? text)
    {
        byte[] escaped = Encoding.UTF8.GetBytes(text ?? "");
        List<byte> bytes = [];
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '\\' && i + 3 < escaped.Length && escaped[i + 1] == 'x')
            {
                bytes.Add(Convert.FromHexString(Encoding.ASCII.GetString(escaped, i + 2, 2))[0]);
                i += 3;
            }
            else bytes.Add(escaped[i]);
        }
        return [.. bytes];
    }

    private void Take(Action<AuditEvent, ReadOnlyMemory<byte>> use)
    {
        while (_assembler.TryTake(out AuditEvent? e))
        {
            using (e)
            {
                _facts.Read(e);
                use(e, Encoder.Encode(e, _facts, Context).ToArray());
            }
        }
    }

    private static Container NewContainer()
    {
        Container container = new("4f1b9a0d6c2e8b7a5f3d1c0e9b8a7f6e5d4c3b2a1908f7e6d5c4b3a291807f6e") { PodUid = "0b54bd2c-4f0d-4d3c-9d1e-2b7d6a1c9e55" };
        container.Rename("payments", "checkout-7c5ddbdf54-x2x7q", "app");
        return container;
    }
}
