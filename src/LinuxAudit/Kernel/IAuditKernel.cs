using LinuxAudit.Interop;

namespace LinuxAudit.Kernel;

/// <summary>
/// The kernel's audit system, as far as a program commands it. The seam at which a test puts a kernel that fails where it wants.
/// </summary>
/// <remarks>
/// What the kernel answers is a return value: <see cref="Errno.None"/>, or its error, which <see cref="KernelErrors.Explain"/> puts into words.
/// Three are made by the client: <see cref="Errno.ETIMEDOUT"/> (no answer in time), <see cref="Errno.ENOBUFS"/> (the answer was dropped: a change may or may
/// not have been made) and <see cref="Errno.EPROTO"/> (an answer that is not one). <see cref="LinuxException"/> is for a socket that does not work at all.
/// Every call is synchronous on the calling thread and may be made from any thread, but from one at a time.
/// </remarks>
public interface IAuditKernel
{
    /// <summary>AUDIT_GET: the control values.</summary>
    Errno GetStatus(out AuditStatus status);

    /// <summary>AUDIT_SET: changes those values that <see cref="AuditStatus.Mask"/> names.</summary>
    /// <exception cref="ArgumentException">The mask names the pid (see <see cref="AuditEventSocket.TryBecomeDaemon"/>) or a counter (see <see cref="ResetCounter"/>).</exception>
    Errno SetStatus(in AuditStatus status);

    /// <summary>AUDIT_SET: sets a counter to 0 and returns what it was, in one step.</summary>
    /// <param name="counter"><see cref="AuditStatusMask.Lost"/> or <see cref="AuditStatusMask.BacklogWaitTimeActual"/>.</param>
    /// <param name="previous">What it was; 0 when it failed.</param>
    /// <exception cref="ArgumentException">Another counter.</exception>
    Errno ResetCounter(AuditStatusMask counter, out uint previous);

    /// <summary>AUDIT_GET_FEATURE: which features are on and locked.</summary>
    Errno GetFeatures(out AuditFeatures features);

    /// <summary>AUDIT_SET_FEATURE: switches and locks those features that <see cref="AuditFeatures.Mask"/> names. A lock lasts until the next boot.</summary>
    Errno SetFeatures(in AuditFeatures features);

    /// <summary>
    /// AUDIT_LIST_RULES: all rules, list by list (0 to 7), in the order in which each list is searched. It is one state of the kernel, never half
    /// of a change: see <c>docs/decisions/kernel-rule-list.md</c>.
    /// </summary>
    /// <param name="rules">The rules; empty when it failed. Each owns its bytes.</param>
    Errno ListRules(out IReadOnlyList<KernelRule> rules);

    /// <summary>
    /// Takes the steps in their order, and sends them in one message: whoever sends it may be killed at any moment, and the kernel has taken all of them or
    /// none, as far as it does not refuse them. A step that is refused does not keep those behind it from being taken. More than fit into one
    /// message (160, or 192 KiB) go in several. <see cref="RuleStep.WaitFirst"/> is the caller's business.
    /// </summary>
    /// <remarks>
    /// The kernel (6.18) takes a rule away at once, and then waits some 12 ms for searches that may still look at it; adding one takes 0.02 ms. It does not notice that
    /// its list has a rule already that is added at the head, and then has it twice; of two it deletes the first. Paths in a rule are resolved in the root
    /// directory of the thread that makes this call.
    /// </remarks>
    /// <param name="steps">The steps.</param>
    /// <param name="answers">
    /// As many: the kernel's answers. Behind an answer that was lost (ENOBUFS, ETIMEDOUT) all are unknown and say the same.
    /// </param>
    void ChangeRules(ReadOnlySpan<RuleStep> steps, Span<Errno> answers);

    /// <summary>
    /// Waits until every search of a rule list that was under way when it was called has ended: after it, no search can miss a rule that was added
    /// before it. Some 5 to 50 ms.
    /// </summary>
    void WaitForSearches();
}
