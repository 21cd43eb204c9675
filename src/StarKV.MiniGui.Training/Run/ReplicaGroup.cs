using System.Runtime.ExceptionServices;
using StarKV.MiniGui.Training.Data;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Run;

/// <summary>Devices that train one model together, each on a separate thread: replica 0 sets the pace, gradients are averaged.</summary>
/// <remarks>
/// Every replica has the whole model. Equal gradients in equal order give equal weights, so that nothing else is exchanged.
/// </remarks>
internal sealed class ReplicaGroup(int size) : IDisposable
{
    private readonly Barrier _barrier = new(size);
    private readonly CancellationTokenSource _broken = new();
    private readonly Tensor?[] _gradients = new Tensor?[size];
    private ExceptionDispatchInfo? _failure;
    private double? _decision;

    public int Size => size;

    /// <value>The next batch of each replica: set by its own, read by replica 0 while it decides.</value>
    public FeedPosition[] Feeds { get; } = new FeedPosition[size];

    /// <summary>What replica 0 decides; every replica asks at the same points.</summary>
    public double? Decide(int replica, Func<double?> decide)
    {
        if (replica == 0)
            _decision = decide();
        Meet();
        var decision = _decision;
        Meet();
        return decision;
    }

    /// <summary>The mean of all replicas' gradients, in float32 on the device of <paramref name="gradient"/>.</summary>
    public Tensor Mean(int replica, Tensor gradient)
    {
        _gradients[replica] = gradient;
        Meet();
        var sum = _gradients[0]!.to(gradient.device).to(ScalarType.Float32);
        foreach (var other in _gradients.Skip(1))
            sum = sum + other!.to(gradient.device);
        // Until here no replica may free what another one copies.
        Meet();
        return size == 1 ? sum : sum / size;
    }

    /// <summary>Runs a replica's work; its failure ends the others' too.</summary>
    public void Run(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <summary>Ends the members' work because of a failure, of which the first is kept.</summary>
    public void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
        _broken.Cancel();
    }

    /// <summary>Throws what ended the work first, if anything did.</summary>
    public void ThrowFailure() => _failure?.Throw();

    private void Meet()
    {
        if (size > 1)
            _barrier.SignalAndWait(_broken.Token);
    }

    public void Dispose()
    {
        _barrier.Dispose();
        _broken.Dispose();
    }
}
