using System.Runtime.ExceptionServices;
using StarKV.MiniGui.Training.Model;
using StarKV.Runtime;
using TorchSharp;

namespace StarKV.MiniGui.Training.Tests;

/// <summary>Runs work on a thread of its own, with gradients and a dispose scope; torch's threads stay few.</summary>
internal static class TrainingThread
{
    private static readonly Lock s_gate = new();

    public static void Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    public static T Run<T>(Func<T> work)
    {
        var (result, failure) = (default(T), (ExceptionDispatchInfo?)null);
        var thread = new Thread(() =>
        {
            try
            {
                LibTorch.Load();
                // Threads that wait for one another by spinning are slow on a busy machine, and these tensors are small.
                torch.set_num_threads(1);
                TrainingOps.RunAsWritten();
                using var scope = torch.NewDisposeScope();
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        lock (s_gate)
        {
            thread.Start();
            thread.Join();
        }

        failure?.Throw();
        return result!;
    }
}
