using System.Globalization;
using AksAuditd.Tests.Events.Json;
using AksAuditd.Tests.Events.Records;
using LinuxAudit.Tests.Kernel;
using LinuxAudit.Tests.Records;
using LinuxAudit.Tests.Rules;

namespace Fuzz;

/// <summary>The fuzz and property tests of the test projects, a small number of inputs at a time; a case of theirs is that many.</summary>
internal static class ExistingTests
{
    private static readonly Nowhere Output = new();

    public static void Rules(Random random) => Run(random, 20_000, () => new RuleFuzzTests(Output).Parse_MutatedLines_NeverThrowsAndAccountsForItself());

    public static void Records(Random random) => Run(random, 20_000, () => new ParserFuzzTests(Output).TryParse_MutatedLines_EqualsReference());

    public static void Assembler(Random random) => Run(random, 0, () => new AssemblerFuzzTests(Output).Add_RandomStreams_EqualsReference());

    public static void Encoder(Random random) => Run(random, 2_000, () => new EncoderFuzzTests(Output).Encode_MutatedRecords_AreValidLines());

    public static void RecordsEncoder(Random random) => Run(random, 2_000, () => new RecordsEncoderFuzzTests(Output).Encode_MutatedRecords_AreLinesWithinTheirBounds());

    public static void Differences(Random random) => Run(random, 0, () =>
    {
        RuleDifferencePropertyTests tests = new(Output);
        tests.Steps_AnyTwoLists_GiveExactlyTheDesiredList();
        tests.Steps_AnyTwoLists_NeverTouchWhatStays();
        tests.Steps_AnyTwoLists_LeaveNoRecordingRuleAbsent();
        tests.Steps_AnyTwoLists_RecordAtEveryMomentWhatBothRecord();
        tests.Steps_Interrupted_ANewDifferenceLeadsToEither();
    });

    private static void Run(Random random, int count, Action test)
    {
        string seed = random.Next().ToString(CultureInfo.InvariantCulture);
        Environment.SetEnvironmentVariable("AKS_FUZZ_SEED", seed);
        Environment.SetEnvironmentVariable("AKS_TEST_SEED", seed);
        Environment.SetEnvironmentVariable("AKS_FUZZ_COUNT", count.ToString(CultureInfo.InvariantCulture));
        test();
    }

    private sealed class Nowhere : ITestOutputHelper
    {
        public string Output => "";

        public void Write(string message)
        {
        }

        public void Write(string format, params object[] args)
        {
        }

        public void WriteLine(string message)
        {
        }

        public void WriteLine(string format, params object[] args)
        {
        }
    }
}
