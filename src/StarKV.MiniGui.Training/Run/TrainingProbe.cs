using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using StarKV.MiniGui.Draw;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Training.Optimise;
using StarKV.MiniGui.Training.Weights;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.MiniGui.Training.Run;

/// <summary>Measures a training on the batches that it draws: its steps, its batches and its gradients. Writes nothing.</summary>
/// <remarks>Not thread-safe: it belongs on an inference thread, with gradients switched on.</remarks>
[Experimental("STARKV001")]
public sealed class TrainingProbe : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly ReplicaGroup _group = new(1);
    private readonly Replica _replica;

    /// <summary>Makes the model.</summary>
    /// <param name="options">Model, seed and sizes of batches.</param>
    /// <param name="compute">Where it is trained.</param>
    /// <exception cref="StarKvException">The folder holds no model that can be trained.</exception>
    public TrainingProbe(TrainingOptions options, Compute compute) =>
        (_options, _replica) = (options, new Replica(options, _group, 0, compute));

    /// <summary>
    /// Steps without end, each taken when it is asked for, that change no weight: how long each took without its batch, and what was in it.
    /// </summary>
    /// <param name="align">Whether the steps are those of the alignment.</param>
    public IEnumerable<(double Milliseconds, int Tokens, int Screens)> Steps(bool align)
    {
        using var optimiser = new Optimiser(_replica.Weights);
        using var feed = _replica.Feed(_replica.Plan(align ? _options.AlignTokens : _options.Tokens, align));
        while (true)
        {
            using var batch = feed.Take();
            _replica.Compute.Synchronize();
            var watch = Stopwatch.StartNew();
            _replica.Step.Run(batch, optimiser, rate: 0, align);
            _replica.Compute.Synchronize();
            yield return (watch.Elapsed.TotalMilliseconds, batch.Tokens, batch.Frames);
        }
    }

    /// <summary>How long a batch takes to make on one thread, on average over those of a job, in milliseconds.</summary>
    /// <param name="job">The job's number, from 0.</param>
    public double MillisecondsPerBatch(int job)
    {
        var plan = _replica.Plan(_options.Tokens, align: false);
        using var painter = new ScreenPainter();
        var targets = _replica.Targets();
        var watch = Stopwatch.StartNew();
        var count = 0;
        foreach (var batch in BatchFeed.Make(plan, _replica.Packer, targets, painter, job))
        {
            batch.Dispose();
            count++;
        }

        return watch.Elapsed.TotalMilliseconds / count;
    }

    /// <summary>How far the gradients are from exact ones, of one batch of each job.</summary>
    /// <param name="exact">The model in float32 on the CPU.</param>
    /// <param name="align">Whether the batches are those of the alignment.</param>
    /// <param name="tokens">Padded tokens of a batch at most.</param>
    /// <param name="jobs">How many jobs.</param>
    public IReadOnlyList<GradientDifference> Compare(TrainingProbe exact, bool align, int tokens, int jobs)
    {
        using var scope = NewDisposeScope();
        using var painter = new ScreenPainter();
        var plan = _replica.Plan(tokens, align);
        var targets = _replica.Targets();
        var rows = new List<GradientDifference>();
        for (var job = 0; job < jobs; job++)
        {
            using var batch = BatchFeed.Make(plan, _replica.Packer, targets, painter, job).First();
            var (given, expected) = (_replica.Step.Gradient(batch, align), exact._replica.Step.Gradient(batch, align));
            var kinds = _replica.Weights.Layout.Slots.Select((slot, i) => (Kind: (Weight)i, slot)).Where(k => k.slot.Muon.Count > 0)
                .Select(
                    k => (k.Kind, Difference: Share(
                        given.narrow(0, k.slot.Offset, k.slot.Numbers), expected.narrow(0, k.slot.Offset, k.slot.Numbers))));
            var (kind, difference) = kinds.MaxBy(k => k.Difference);
            rows.Add(new GradientDifference
            {
                Tokens = batch.Tokens,
                Frames = batch.Frames,
                Form = batch.Packs[0].Segments[^1] == 0 ? "first" : batch.Packs[0].Frames.Count > 1 ? "last" : "single",
                Difference = Math.Round(Share(given, expected), 4),
                FurthestKind = kind.ToString(),
                FurthestDifference = Math.Round(difference, 4),
            });
        }

        return rows;
    }

    private static double Share(Tensor given, Tensor expected) => ((given - expected).norm() / expected.norm()).item<float>();

    /// <inheritdoc/>
    public void Dispose()
    {
        _replica.Dispose();
        _group.Dispose();
    }
}
