namespace LinuxAudit.Rules.Lint;

/// <summary>AUD073: the kernel asks the task list once, when a process or thread begins. What always matches then is recorded in each of its system calls until it
/// ends: without a key, past every never rule, and also after the rule is deleted.</summary>
internal static class TaskForLifeLint
{
    public static void Check(LintInput input)
    {
        foreach (RuleDirective directive in input.Rules)
        {
            if (directive.Rule is not { List: FilterList.Task, Action: RuleAction.Always }) continue;
            input.Report(DiagnosticCatalogue.TaskForLife, directive,
                "whatever starts while the rule is loaded, and matches, is recorded in each of its system calls for as long as it lives",
                "write -a always,exit with -S and the system calls that matter", at: ["always,task", "task,always"]);
        }
    }
}
