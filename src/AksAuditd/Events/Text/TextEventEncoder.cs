using System.Globalization;
using System.Text;
using AksAuditd.Check;
using AksAuditd.Events.Json;
using AksAuditd.Events.Pods;
using LinuxAudit.Records;

namespace AksAuditd.Events.Text;

/// <summary>
/// An event as one line for a person at a terminal: time, how it ended, key, where, who, what. An attacker's bytes are shown, never carried out: no control
/// character reaches the terminal.
/// </summary>
internal sealed class TextEventEncoder(Interpreter interpreter, IIdentityNames names, int width, bool colours) : IEventEncoder
{
    private const int KeyWidth = 12, PlaceWidth = 28, WhoWidth = 14;
    private readonly EventSummarizer _summarizer = new(interpreter);
    private readonly EventSummary _summary = new();
    private readonly StringBuilder _line = new();

    public bool NeedsAnnouncements => false;

    // What does not fit on the screen is not lost to anybody.
    public long Shortened => 0;

    public ReadOnlySpan<byte> Encode(AuditEvent auditEvent, EventFacts facts, in ProcessContext context)
    {
        _line.Clear();
        Paint("2", facts.Id.Time.ToLocalTime().ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        Paint(facts.Success switch { true => "32", false => "31", _ => "2" }, facts.Success switch { true => "ok   ", false => "fail ", _ => "     " });
        Paint("36", Column(facts.KeyCount > 0 ? facts.Key(0) : "-"u8, KeyWidth));
        Paint(context.Place == ProcessPlace.Container ? "35" : "2", Column(Encoding.UTF8.GetBytes(Place(context)), PlaceWidth));
        Column(_line, Encoding.UTF8.GetBytes(Who(facts)), WhoWidth);
        _summarizer.Summarize(auditEvent, _summary);
        Append(_summary[SummaryColumn.Action]);
        _line.Append(' ');
        int before = _line.Length;
        ArgumentReader arguments = auditEvent.Arguments;
        while (arguments.TryRead(out Argument argument)) AppendArgument(argument, _line.Length > before);
        if (_line.Length == before) Append(_summary[SummaryColumn.ObjectPrimary]);
        if (!facts.Executable.IsEmpty && _line.Length == before) Append(facts.Executable);
        return Line();
    }

    public ReadOnlySpan<byte> EncodeNotice(in Notice notice)
    {
        _line.Clear();
        Paint("2", notice.Time.ToLocalTime().ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        string count = notice.Count > 0 ? $" {notice.Count}" : "";
        Paint("33", $"{notice.Kind.ToString().ToLowerInvariant()}{count} ");
        Append(notice.Key);
        if (!notice.Key.IsEmpty) _line.Append(' ');
        if (notice.Container is { } container) _line.Append(DisplayText.Clean(Place(new(ProcessPlace.Container, container, null)))).Append(' ');
        Append(notice.Message);
        if (!notice.Raw.IsEmpty)
        {
            _line.Append(": ");
            Append(notice.Raw);
        }

        return Line();
    }

    private static string Place(in ProcessContext context) => context switch
    {
        { Container: { Pod: { } pod } c } => c.Name is null ? $"{c.Namespace}/{pod}" : $"{c.Namespace}/{pod}/{c.Name}",
        { Container: { } c } => $"container {c.Id[..Math.Min(12, c.Id.Length)]}",
        { Place: ProcessPlace.Host } => "host",
        _ => "?",
    };

    private string Who(EventFacts facts)
    {
        if (facts.Uid == EventFacts.None && facts.AuditUid == EventFacts.None) return "-";
        string user = Name(facts.Uid);
        return facts.AuditUid == EventFacts.None || facts.AuditUid == facts.Uid ? user : $"{Name(facts.AuditUid)}>{user}";
    }

    private string Name(uint uid) => uid == EventFacts.None ? "-"
        : names.TryGetUser(uid, out ReadOnlySpan<byte> name) ? Encoding.UTF8.GetString(name) : uid.ToString(CultureInfo.InvariantCulture);

    private void AppendArgument(in Argument argument, bool follows)
    {
        byte[] decoded = new byte[argument.Value.Value.Length];
        if (!argument.Value.TryDecode(decoded, out int length)) return;
        if (follows && argument.Piece <= 0) _line.Append(' ');
        Append(decoded.AsSpan(0, length));
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        foreach (Rune rune in Encoding.UTF8.GetString(text).EnumerateRunes()) DisplayText.Append(_line, rune);
    }

    private static string Column(ReadOnlySpan<byte> text, int columns)
    {
        StringBuilder column = new();
        Column(column, text, columns);
        return column.ToString();
    }

    // Padded; what is too long loses its end, and there is always a space behind.
    private static void Column(StringBuilder to, ReadOnlySpan<byte> text, int columns)
    {
        int used = 0;
        foreach (Rune rune in Encoding.UTF8.GetString(text).EnumerateRunes())
        {
            int wide = DisplayText.Width(rune);
            if (used + wide > columns - 1)
            {
                to.Append('…');
                used++;
                break;
            }

            DisplayText.Append(to, rune);
            used += wide;
        }

        to.Append(' ', Math.Max(1, columns + 1 - used));
    }

    private void Paint(string code, string text)
    {
        if (colours) _line.Append("\e[").Append(code).Append('m').Append(text).Append("\e[0m");
        else _line.Append(text);
    }

    // One line on the screen: what does not fit is left out, and marked.
    private ReadOnlySpan<byte> Line()
    {
        StringBuilder cut = new();
        int used = 0;
        bool inEscape = false;
        foreach (Rune rune in _line.ToString().EnumerateRunes())
        {
            if (rune.Value == 0x1b) inEscape = true;
            int wide = inEscape ? 0 : DisplayText.Width(rune);
            if (rune.Value == 'm') inEscape = false;
            if (used + wide > width - 1 && wide > 0)
            {
                cut.Append('…');
                break;
            }

            used += wide;
            cut.Append(rune.ToString());
        }

        return Encoding.UTF8.GetBytes(cut.ToString().TrimEnd());
    }
}
