using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using AksAuditd.Check;

namespace AksAuditd.Report.Html;

/// <summary>Writes HTML. Only what stands in the source is markup; whatever is put into it is escaped, there is no way around.</summary>
internal sealed class HtmlWriter(TextWriter output)
{
    /// <summary>Writes markup of the source.</summary>
    public void Write([ConstantExpected] string markup) => output.Write(markup);

    /// <summary>Writes markup of the source, with escaped text between.</summary>
    public void Write([InterpolatedStringHandlerArgument("")] Template template) => _ = template;

    /// <summary>Writes <see cref="ReportStyle"/>, which has no text of a log.</summary>
    public void WriteStyle() => output.Write(ReportStyle.Css);

    // Also without control characters: what is typed on a command line may have some.
    private void Text(string? text) => WebUtility.HtmlEncode(DisplayText.Clean(text ?? ""), output);

    private void Markup(string markup) => output.Write(markup);

    /// <summary>An interpolated string that is written as it is put together.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Template
    {
        private readonly HtmlWriter _writer;

        public Template(int literalLength, int formattedCount, HtmlWriter writer) => _writer = writer;

        public void AppendLiteral(string markup) => _writer.Markup(markup);

        public void AppendFormatted(string? text) => _writer.Text(text);

        /// <summary>A name: <see cref="Shown"/>.</summary>
        public void AppendFormatted(byte[] name) => _writer.Text(Shown.Text(name));

        public void AppendFormatted(long number) => _writer.Text(number.ToString(CultureInfo.InvariantCulture));

        /// <summary>A length of a drawing: two digits behind the point.</summary>
        public void AppendFormatted(double number) => _writer.Text(number.ToString("0.##", CultureInfo.InvariantCulture));
    }
}
