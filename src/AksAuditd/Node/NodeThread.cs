using System.Collections.Concurrent;
using AksAuditd.Node.Interop;

namespace AksAuditd.Node;

/// <summary>
/// The one thread that lives in the node's root directory: <c>unshare(CLONE_FS)</c>, then <c>chroot</c>, on that thread only. File work,
/// netlink and child processes started from here happen on the node; the rest of the process stays in its container. Work must be
/// synchronous (a continuation would run elsewhere) and must not load libraries lazily: no crypto, no name resolution.
/// </summary>
/// <remarks>Thread safe. Work is done in the order of the calls.</remarks>
internal sealed class NodeThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    private NodeThread(string hostRoot, TaskCompletionSource entered) =>
        _thread = new Thread(() => Live(hostRoot, entered)) { IsBackground = true, Name = "node" };

    /// <summary>Starts the thread and enters the node.</summary>
    /// <param name="hostRoot">The node's root directory as this process sees it; <c>/</c> means no chroot.</param>
    /// <exception cref="NodeException">The directory cannot be entered.</exception>
    public static NodeThread Enter(string hostRoot)
    {
        TaskCompletionSource entered = new();
        NodeThread node = new(hostRoot, entered);
        node._thread.Start();
        entered.Task.GetAwaiter().GetResult();
        return node;
    }

    /// <summary>Runs <paramref name="work"/> on the node and waits for its result; exceptions come back to the caller.</summary>
    public T Run<T>(Func<T> work)
    {
        if (Thread.CurrentThread == _thread) return work();
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Run{T}"/>
    public void Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    /// <summary>Ends the thread after the work that is already queued.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _work.Dispose();
    }

    private void Live(string hostRoot, TaskCompletionSource entered)
    {
        try
        {
            if (hostRoot != "/") EnterRoot(hostRoot);
            entered.SetResult();
        }
        catch (NodeException e)
        {
            entered.SetException(e);
            return;
        }

        foreach (Action work in _work.GetConsumingEnumerable()) work();
    }

    private static void EnterRoot(string root)
    {
        if (ProcessCalls.Unshare(ProcessCalls.CloneFs) != 0) throw NodeException.FromLastCall(root, "give the node thread a root of its own");
        if (ProcessCalls.ChangeDirectory(root) != 0) throw NodeException.FromLastCall(root, "enter the node's root directory (hostRoot)");
        if (ProcessCalls.ChangeRoot(".") != 0) throw NodeException.FromLastCall(root, "chroot to the node (capability SYS_CHROOT)");
        if (ProcessCalls.ChangeDirectory("/") != 0) throw NodeException.FromLastCall(root, "enter the node's root directory");
    }
}
