namespace LinuxAudit.Kernel;

/// <summary>Message types of <c>linux/audit.h</c> with which the audit system is commanded.</summary>
internal enum ControlMessage : ushort
{
    Get = 1000,
    Set = 1001,
    SignalInfo = 1010,
    AddRule = 1011,
    DeleteRule = 1012,
    ListRules = 1013,
    SetFeature = 1018,
    GetFeature = 1019,
}
