using System.Text;
using LinuxAudit.Records;

namespace LinuxAudit.Tests.Records;

public class IdMemoryTests
{
    private static readonly string[] Ids =
    [
        "audit(1364481363.243:24287): ", "audit(1364481363.243:24288): ", "audit(1364481363.999:4294967295): ", "audit(1364481364.000:1): ",
        "audit(1364481364.001:4294967296): ", "audit(1364481364.001:04294967295): ", "audit(1364481364.001:99999999999): ", "audit(1364481364.001:): ",
        "audit(1364481364.01:7): ", "audit(1364481364.0011:7): ", "audit(1364481364.0x1:7): ", "audit(1364481364.001:7)", "audit(1364481364.001:7):",
        "audit(1364481364.001:7):x", "audit(1364481364.001:7): ", "audit(1364481364.001:7 ): ", "audit(1364481364.001;7): ", "audit(136448136.001:7): ",
        "audit(13644813641.001:7): ", "audit(01364481364.001:00000000007): ", "audit(1364481364.001:00000007): ", "audit(1364481364.", "audit(1364481364.002:8): ",
    ];

    [Fact]
    public void TryParse_WithTheIdBefore_IsAsWithout()
    {
        int usual = 0;
        foreach (string first in Ids)
            foreach (string second in Ids)
                foreach (string body in (string[])["", "a=1", "a=1 b=\"some text that is longer than any id\"", "a=1\u001DA=\"x\"\u001D", "a=1 b=\"some text that is longer than any id\"\n"])
                {
                    IdMemory memory = new();
                    foreach (string id in (string[])[first, second, second, first])
                    {
                        byte[] line = Encoding.ASCII.GetBytes($"type=CWD msg={id}{body}");
                        bool expected = AuditRecord.TryParse(line, out AuditRecord reference);
                        // As EventAssembler does.
                        bool isUsual = AuditRecord.TryParseUsual(line, memory, out AuditRecord record);
                        if (isUsual) usual++;
                        Assert.Equal(expected, isUsual || AuditRecord.TryParse(line, memory, out record));
                        if (expected) Assert.Equal(reference.Layout, record.Layout);
                    }
                }

        Assert.InRange(usual, 1000, 10_000);
    }
}
