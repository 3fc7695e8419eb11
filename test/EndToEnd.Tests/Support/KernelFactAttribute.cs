using System.Runtime.CompilerServices;

namespace EndToEnd.Tests.Support;

/// <summary>A test that needs the kernel's audit system and the right to change it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : base(file, line)
    {
        Skip = "kernel audit is not usable here: needs root, auditctl and a kernel that answers";
        SkipUnless = nameof(AuditMachine.IsUsable);
        SkipType = typeof(AuditMachine);
    }
}
