using System.Text;
using System.Text.Json;
using AksAuditd.Check;
using AksAuditd.Tests.Support;
using TestSupport;

namespace AksAuditd.Tests.Check;

public class SarifReportTests
{
    private static readonly SchemaValidator Schema = new(JsonDocument.Parse(File.ReadAllText(Repository.File("test", "corpus", "sarif", "sarif-2.1.0.json"))).RootElement);

    [Fact]
    public void Write_AllKindsOfFindings_IsValidSarif()
    {
        InputSet set = Checked.Yaml("kind: ConfigMap\ndata:\n  1.rules: |\n    -a never,task -F uid=1\n    -a never,task -F uid=1\n    -a always,exit -F bad=1\n  s.conf: active=yes\n");
        set.Unreadable.Add("x.rules: permission denied");
        JsonElement sarif = Sarif(Checked.Run(set));

        Assert.Empty(Schema.Problems(sarif));
        JsonElement run = sarif.GetProperty("runs")[0];
        Assert.Equal(["AUD068", "AUD063", "AUD016", "AUD101", "AUD111"], run.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("ruleId").GetString()));
        JsonElement region = run.GetProperty("results")[2].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region");
        Assert.Equal((6, 23, 26), (region.GetProperty("startLine").GetInt32(), region.GetProperty("startColumn").GetInt32(), region.GetProperty("endColumn").GetInt32()));
    }

    [Fact]
    public void Write_Rules_AreTheWholeCatalogue()
    {
        string[] ids = [.. Sarif(Checked.Run(Checked.Rules("-D\n"))).GetProperty("runs")[0].GetProperty("tool").GetProperty("driver").GetProperty("rules")
            .EnumerateArray().Select(r => r.GetProperty("id").GetString()!)];

        Assert.Equal(InputDiagnostics.Catalogue.Select(k => k.Code), ids);
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
    }

    // The schema has to be able to say no.
    [Fact]
    public void Schema_WrongLevel_IsFound()
    {
        string text = Sarif(Checked.Run(Checked.Rules("-w x\n"))).GetRawText().Replace("\"level\": \"error\"", "\"level\": \"fatal\"", StringComparison.Ordinal);

        Assert.NotEmpty(Schema.Problems(JsonDocument.Parse(text).RootElement));
    }

    private static JsonElement Sarif(CheckResult result)
    {
        using MemoryStream stream = new();
        SarifReport.Write(result, "1.2.3", stream);
        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
    }
}
