using AksAuditd.Check;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AksAuditd.Tests.Check;

public class ScalarMapTests
{
    /// <summary>Whatever the emitter makes of a text, each of its plain characters is found again where it stands.</summary>
    [Theory]
    [InlineData(ScalarStyle.Literal)]
    [InlineData(ScalarStyle.Folded)]
    [InlineData(ScalarStyle.DoubleQuoted)]
    [InlineData(ScalarStyle.SingleQuoted)]
    [InlineData(ScalarStyle.Plain)]
    public void ToSource_EmittedText_FindsEachCharacter(ScalarStyle style)
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        const string Alphabet = "abc  \n\n'\"\\#:-äx";
        int read = 0, exact = 0;
        for (int i = 0; i < 2000; i++)
        {
            string value = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            string yaml = Emit(value, style);
            if (Parse(yaml) is not (Scalar scalar, int start)) continue;
            read++;
            ScalarMap map = ScalarMap.Create(yaml, start, scalar);
            int[] sources = [.. Enumerable.Range(0, scalar.Value.Length).Select(map.ToSource)];
            if (sources.Length > 1 && sources.Distinct().Count() == 1) continue;
            exact++;
            for (int c = 0; c < sources.Length; c++)
                if (scalar.Value[c] is 'a' or 'b' or 'c' or 'x')
                    Assert.True(yaml[sources[c]] == scalar.Value[c], $"seed {seed}: character {c} of\n{yaml}");
        }

        Assert.True(read > 1500 && exact > read * 0.98, $"seed {seed}: only {exact} of {read} were read as the parser reads them");
    }

    private static string Emit(string value, ScalarStyle style)
    {
        StringWriter text = new();
        Emitter emitter = new(text, new EmitterSettings().WithMaxSimpleKeyLength(10).WithBestWidth(20));
        foreach (ParsingEvent e in new ParsingEvent[]
        {
            new StreamStart(), new DocumentStart(), new MappingStart(), new Scalar("key"), new Scalar(null, null, value, style, true, true),
            new MappingEnd(), new DocumentEnd(true), new StreamEnd(),
        }) emitter.Emit(e);
        return text.ToString();
    }

    // Null for what the emitter writes and the parser refuses (blanks at the start of a literal text).
    private static (Scalar Scalar, int Start)? Parse(string yaml)
    {
        Parser parser = new(new StringReader(yaml));
        Scalar? last = null;
        try
        {
            while (parser.MoveNext())
                if (parser.Current is Scalar scalar) last = scalar;
        }
        catch (YamlException)
        {
            return null;
        }

        return (last!, (int)last!.Start.Index);
    }
}
