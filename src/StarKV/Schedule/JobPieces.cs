using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using static TorchSharp.torch;

namespace StarKV.Schedule;

/// <summary>Does the pieces of requests on the device.</summary>
/// <remarks>Not thread-safe: it belongs on the inference thread.</remarks>
/// <param name="model">The model.</param>
/// <param name="encoder">Encodes screenshots.</param>
/// <param name="jobs">The requests.</param>
/// <param name="plan">Has promised them bytes.</param>
/// <param name="batch">Where answers are written.</param>
/// <param name="clock">The time.</param>
internal sealed class JobPieces(
    IVisionLanguageModel model, ScreenEncoder encoder, JobTable jobs, MemoryPlan plan, DecodeBatch batch, TimeProvider clock)
{
    /// <summary>Starts a request that was let in.</summary>
    public void Start(RunningJob job)
    {
        if (!job.Job.Take())
        {
            jobs.End(job, new OperationCanceledException(job.Job.Cancellation));
            return;
        }

        if (job.Job.RunsAlone)
        {
            jobs.Release(job);
            DoAlone(job.Job);
            return;
        }

        jobs.LetIn(job);
        jobs.Try(job, () =>
        {
            job.Screens = new ScreensToEncode(job.Job.Start());
            job.Prepare();
        });
    }

    /// <summary>Does a piece of work.</summary>
    public void Do(Quantum quantum)
    {
        switch (quantum)
        {
            case Quantum.Encode encode:
                Encode(encode);
                break;
            case Quantum.Read read:
                var reader = jobs[read.Turn];
                jobs.Try(reader, () => Read(reader, read.Layers));
                // Only then the time that it took is known.
                if (quantum.IsBetweenTokens && read.Turn.Stage == JobStage.Reading)
                    jobs.Try(reader, () => model.Compute.Synchronize(reader.Job.Cancellation));
                break;
            default:
                var start = clock.GetTimestamp();
                batch.Step();
                var time = clock.GetElapsedTime(start);
                foreach (var writer in jobs.Writing)
                    LookAt(writer, time);
                break;
        }
    }

    /// <summary>Does a request from its start to its end, in the middle of whatever else is under way.</summary>
    public void DoAlone(Job job)
    {
        var alone = new DecodeBatch(model.Text);
        ScreensToEncode? screens = null;
        Exception? error = null;
        try
        {
            var start = clock.GetTimestamp();
            var images = job.Start();
            screens = new ScreensToEncode(images);
            foreach (var size in images.GroupBy(i => i.Grid))
                screens.Take(size.Key, Encode([.. size], job.Cancellation));
            for (var layers = job.Open(screens.Features, clock.GetElapsedTime(start)); layers > 0; layers--)
                job.ReadLayer();
            job.Join(alone);
            for (var time = TimeSpan.Zero; !job.Written(alone, time); time = clock.GetElapsedTime(start))
            {
                job.Cancellation.ThrowIfCancellationRequested();
                start = clock.GetTimestamp();
                alone.Step();
            }
        }
        catch (Exception e)
        {
            error = jobs.Noted(e);
        }

        job.End(alone, error);
        screens?.Dispose();
    }

    private void Encode(Quantum.Encode quantum)
    {
        var start = clock.GetTimestamp();
        var parts = quantum.Turns.Select(t => (Job: jobs[t.Turn], t.Count))
            .Select(p => (p.Job, Images: p.Job.Screens!.Next(quantum.Grid, p.Count))).ToList();
        try
        {
            // One request's screenshots end with it; those of several are one piece.
            var cancellation = parts.Count == 1 ? parts[0].Job.Job.Cancellation : CancellationToken.None;
            var rest = new Queue<ScreenFeatures>(Encode([.. parts.SelectMany(p => p.Images)], cancellation));
            foreach (var (job, images) in parts)
                job.Screens!.Take(quantum.Grid, [.. images.Select(_ => rest.Dequeue())]);
        }
        catch (Exception e) when (parts.Count == 1 || DeviceFault.Is(e))
        {
            parts.ForEach(p => jobs.End(p.Job, e));
            return;
        }
        catch (Exception)
        {
            // It may be what one of them needs that is not there.
            foreach (var turn in quantum.Turns)
                Encode(quantum with { Turns = [turn] });
            return;
        }

        foreach (var (job, _) in parts)
        {
            job.Vision += clock.GetElapsedTime(start);
            jobs.Try(job, job.Prepare);
        }
    }

    /// <summary>What the tower gives for screenshots of one size; the caller owns it.</summary>
    private IReadOnlyList<ScreenFeatures> Encode(IReadOnlyList<Input.ModelImage> images, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var features = encoder.Encode(images, cancellation);
        model.Compute.Synchronize(cancellation);
        foreach (var tensor in features.SelectMany(f => f.Tensors))
            tensor.DetachFromDisposeScope();
        return features;
    }

    private void Read(RunningJob job, int layers)
    {
        for (var i = 0; i < layers; i++)
        {
            job.Job.ReadLayer();
            job.Turn.LayersLeft--;
        }

        if (job.Turn.LayersLeft > 0)
            return;
        job.Job.Join(batch);
        plan.Lower(job.Turn, job.Job.Need().Writing);
        job.Turn.Stage = JobStage.Writing;
        LookAt(job, TimeSpan.Zero);
    }

    /// <summary>Ends a request whose answers are written.</summary>
    private void LookAt(RunningJob job, TimeSpan time)
    {
        if (jobs.Try(job, () => job.Job.Written(batch, time), out var ended) && ended)
            jobs.End(job, null);
    }
}
