using LinuxAudit.Rules;

namespace AksAuditd.Check;

/// <summary>A file that was given, for showing its lines.</summary>
internal sealed class TextFile(string name, byte[] bytes)
{
    private readonly List<int> _starts = [0];

    /// <summary>What it is called in reports.</summary>
    public string Name => name;

    /// <summary>The whole content.</summary>
    public byte[] Bytes => bytes;

    /// <summary>A line without its end; null when there is none of that number.</summary>
    /// <param name="number">From 1.</param>
    public string? Line(int number)
    {
        while (_starts.Count <= number && _starts[^1] <= bytes.Length)
        {
            int end = bytes.AsSpan(_starts[^1]).IndexOf((byte)'\n');
            _starts.Add(end < 0 ? bytes.Length + 1 : _starts[^1] + end + 1);
        }

        return number < 1 || number >= _starts.Count ? null : RuleText.FromBytes(bytes.AsSpan(_starts[number - 1], _starts[number] - _starts[number - 1] - 1)).TrimEnd('\r');
    }
}
