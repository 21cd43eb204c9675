using StarKV.Runtime;
using TorchSharp;

namespace StarKV.Tests;

/// <summary>The one thread on which tests touch tensors; each piece of work has a dispose scope of its own.</summary>
internal static class TorchThread
{
    private static readonly InferenceThread s_thread = new("tests");

    /// <summary>Tensors alive on the calling thread; meant for work that already runs on this one.</summary>
    public static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    /// <summary>Runs the work; its assertions fail the calling test.</summary>
    public static void Run(Action work) => s_thread.Run(() =>
    {
        using var scope = torch.NewDisposeScope();
        work();
    });

    /// <summary>Runs the work and returns its result, which holds no tensor.</summary>
    public static T Run<T>(Func<T> work) => s_thread.Run(() =>
    {
        using var scope = torch.NewDisposeScope();
        return work();
    });
}
