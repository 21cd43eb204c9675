using System.Threading.Channels;
using StarKV.MiniGui.Draw;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Data;

/// <summary>Batches made by worker threads, in an order that only seed and number of threads decide.</summary>
/// <remarks>Worker w makes jobs w, w + threads, …; the trainer takes one batch of each worker in turn.</remarks>
internal sealed class BatchFeed : IDisposable
{
    /// <summary>Batches of a job: sorted by length in one pool, so that less is padded.</summary>
    private const int JobBatches = 3;

    private const int ReadyPerWorker = 3;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Batch>[] _ready;
    private readonly Thread[] _threads;

    /// <summary>Starts the workers.</summary>
    /// <param name="plan">What batches hold.</param>
    /// <param name="packer">Shared by all workers.</param>
    /// <param name="targets">Makes one for each worker.</param>
    /// <param name="threads">How many workers.</param>
    /// <param name="from">Where to go on; null (default) begins with the plan's first job.</param>
    public BatchFeed(BatchPlan plan, Packer packer, Func<CellTargets> targets, int threads, FeedPosition? from = null)
    {
        Position = from ?? FeedPosition.Start(plan.FirstJob, threads);
        var workers = Position.Workers;
        _ready = [.. Enumerable.Range(0, threads).Select(_ => Channel.CreateBounded<Batch>(ReadyPerWorker))];
        _threads =
        [
            .. Enumerable.Range(0, threads)
                .Select(w => new Thread(() => Work(plan, packer, targets(), w, workers[w])) { IsBackground = true, Name = $"batches {w}" }),
        ];
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <summary>Where it is: another feed of this plan that begins there gives the batches that this one has not given.</summary>
    public FeedPosition Position { get; private set; }

    /// <summary>The next batch; the caller owns it. Waits until it is there.</summary>
    public Batch Take()
    {
        var reader = _ready[Position.Turn].Reader;
        if (!reader.TryRead(out var batch))
            batch = reader.ReadAsync().AsTask().GetAwaiter().GetResult();
        Position = Position.After(batch.Job, batch.Number);
        return batch;
    }

    private void Work(BatchPlan plan, Packer packer, CellTargets targets, int worker, WorkerPosition from)
    {
        var writer = _ready[worker].Writer;
        // With a card every worker keeps to one core; or each would have helpers on all of them.
        if (plan.Pin)
            set_num_threads(1);
        try
        {
            using var painter = new ScreenPainter();
            for (var job = from.Job; !_stop.IsCancellationRequested; job += _ready.Length)
                foreach (var batch in Make(plan, packer, targets, painter, job, job == from.Job ? from.Taken : 0))
                    writer.WriteAsync(batch, _stop.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The feed is closed.
        }
        catch (Exception e)
        {
            // It belongs to whoever takes the next batch.
            writer.TryComplete(e);
        }
    }

    /// <summary>The batches of a job, or those from number <paramref name="first"/> on, each drawn when it is asked for.</summary>
    internal static IEnumerable<Batch> Make(
        BatchPlan plan, Packer packer, CellTargets targets, ScreenPainter painter, long job, int first = 0) =>
        Pool(plan, packer, job).Skip(first).Select((packs, i) =>
            new Batch(packs, targets, painter, alignSeed: plan.Align ? (ulong)job : null, pin: plan.Pin) { Job = job, Number = first + i });

    /// <summary>The packs of a job, cut into batches of at most the plan's tokens.</summary>
    internal static List<List<Pack>> Pool(BatchPlan plan, Packer packer, long job)
    {
        var packs = new List<Pack>();
        var tokens = 0L;
        plan.Mix.Draw(job, plan.Part, job < plan.EasyJobs, sample =>
        {
            packs.Add(packer.Make(sample));
            tokens += packs[^1].Length;
            return tokens < (long)JobBatches * plan.Tokens;
        });
        var batches = new List<List<Pack>> { new() };
        foreach (var pack in packs.OrderByDescending(p => p.Length))
        {
            var longest = batches[^1].Count == 0 ? pack.Length : batches[^1][0].Length;
            if (batches[^1].Count > 0 && (long)longest * (batches[^1].Count + 1) > plan.Tokens)
                batches.Add([]);
            batches[^1].Add(pack);
        }

        // What is left over would be nearly empty, and the parts of a job should take equally many steps.
        return new SeededRandom((ulong)job, 1).Shuffled(batches.Take(JobBatches));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var thread in _threads)
            thread.Join();
        foreach (var channel in _ready)
            while (channel.Reader.TryRead(out var batch))
                batch.Dispose();
        _stop.Dispose();
    }
}

/// <summary>What batches hold.</summary>
/// <param name="Mix">Which samples.</param>
/// <param name="Tokens">Padded tokens of a batch at most.</param>
/// <param name="FirstJob">Number of the first job; a resumed run continues after the last one's.</param>
/// <param name="EasyJobs">Jobs below this number are easy.</param>
/// <param name="Align">Whether answers are chosen for the alignment.</param>
/// <param name="Pin">Whether tensors go to pinned memory.</param>
/// <param name="Part">Which part of every job.</param>
internal sealed record BatchPlan(
    SampleMix Mix, int Tokens, long FirstJob = 0, long EasyJobs = 0, bool Align = false, bool Pin = false, int Part = 0)
{
    /// <summary>About how many steps a job lasts.</summary>
    public const int StepsPerJob = 3;
}
