using AksAuditd.Check;

namespace AksAuditd.Tests.Check;

public class TextReportTests
{
    [Fact]
    public void Write_Error_ShowsPlaceLineMarkAndAdvice() => Assert.Equal("""
        a.rules:2:31: error AUD032: there is no system call on x86_64 "exceve"
            2 | -a always,exit -F arch=b64 -S exceve -k x
              |                               ^~~~~~
              = expected: a name, a number or all
              = fix: did you mean "execve"?
        1 error, 0 warnings in 0 rules of 1 file

        """, Report("-D\n-a always,exit -F arch=b64 -S exceve -k x\n"));

    [Fact]
    public void Write_WideAndCombiningCharacters_PutsTheMarkUnderTheWord() => Assert.Contains("""
            1 | -w /日本/e\u0301 -p z
              |               ^
        """.Replace("\\u0301", "\u0301", StringComparison.Ordinal), Report("-w /日本/e\u0301 -p z\n"), StringComparison.Ordinal);

    [Fact]
    public void Write_TabAndEscape_ShowsThemAsCharacters()
    {
        Assert.Contains("    1 | -w    /etc\n      |   ^~~~\n", Report("-w\t/etc\n"), StringComparison.Ordinal);
        Assert.Contains("    1 | -w /\u241B[31m\n      |     ^\n", Report("-w /\u001B[31m\n"), StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', Report("-a always,exit -F \u202E=1\n"));
    }

    [Fact]
    public void Write_LongLine_ShowsWhatIsAroundTheMark()
    {
        string[] lines = Report("-a always,exit " + string.Concat(Enumerable.Repeat("-F auid=1 ", 50)) + "-F bad=1\n").Split('\n');

        Assert.Equal(8 + 142, lines[1].Length + 1);
        Assert.Equal("bad", lines[1].Substring(lines[2].IndexOf('^', StringComparison.Ordinal), 3));
    }

    [Fact]
    public void Write_Colour_PaintsSeverityAndMark()
    {
        string report = Report("-w x -p w\n", colour: true);

        Assert.Contains("\u001B[1;31merror AUD039\u001B[0m", report, StringComparison.Ordinal);
        Assert.Contains("\u001B[1;31m^\u001B[0m", report, StringComparison.Ordinal);
    }

    private static string Report(string rules, bool colour = false)
    {
        StringWriter text = new();
        new TextReport(text, colour).Write(Checked.Run(Checked.Rules(rules)));
        return text.ToString();
    }
}
