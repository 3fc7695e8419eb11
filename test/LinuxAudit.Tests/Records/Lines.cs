using System.Text;
using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

/// <summary>Text and bytes for tests: Latin-1, one character a byte.</summary>
internal static class Lines
{
    internal static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    internal static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The lines of a file below test/corpus/records, without their newlines.</summary>
    internal static byte[][] Corpus(string name)
    {
        byte[] bytes = File.ReadAllBytes(TestSupport.Repository.File("test", "corpus", "records", name));
        List<byte[]> lines = [];
        foreach (Range range in bytes.AsSpan().Split((byte)'\n'))
            if (bytes.AsSpan(range).Length > 0) lines.Add(bytes[range]);
        return [.. lines];
    }

    /// <summary>Fields as <c>name=value</c>, a quoted value in quotes, a word as itself.</summary>
    internal static string[] Fields(FieldReader reader)
    {
        List<string> fields = [];
        while (reader.TryRead(out Field field))
        {
            string quote = field.Form switch { ValueForm.Quoted => "\"", ValueForm.Message => "'", _ => "" };
            fields.Add(field.Name.IsEmpty ? Text(field.Value) : $"{Text(field.Name)}={quote}{Text(field.Value)}{quote}");
        }
        return [.. fields];
    }
}
