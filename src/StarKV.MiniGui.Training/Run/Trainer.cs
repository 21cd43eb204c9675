using System.Diagnostics;
using System.Globalization;
using StarKV.MiniGui.Training.Checkpoints;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Training.Model;
using StarKV.MiniGui.Training.Optimise;
using StarKV.MiniGui.Training.Weights;
using StarKV.Models.Qwen25Vl;
using StarKV.Runtime;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.MiniGui.Training.Run;

/// <summary>Trains the small GUI model from scratch, or on from a checkpoint, within a wall time.</summary>
/// <remarks>In <see cref="TrainingOptions.Out"/>: <c>log.jsonl</c>, <c>latest</c> (every few minutes and at the end), <c>control</c> (before the alignment).</remarks>
public sealed class Trainer : IDisposable
{
    private const string LogFile = "log.jsonl", MinutesFile = "minutes";
    private readonly TrainingOptions _options;
    private readonly Compute _compute;
    private readonly QwenTokenizer _tokenizer;
    private readonly Packer _packer;
    private readonly TrainedWeights _weights;
    private readonly TrainingModel _model;
    private readonly TrainingStep _step;
    private readonly HeldOutBatches _heldOut;
    private readonly TrainingLog _log;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly int _threads;
    private Progress _progress = new(0, 0);
    private TimeSpan _saved;

    private Trainer(TrainingOptions options, Action<string>? echo)
    {
        _options = options;
        _compute = Compute.Choose(options.Device);
        TrainingOps.RunAsWritten();
        Directory.CreateDirectory(options.Out);
        var config = Qwen25VlConfig.Load(options.Shape);
        var pixels = PreprocessorConfig.Load(options.Shape);
        _tokenizer = QwenTokenizer.Load(Path.Combine(options.Shape, "tokenizer.json"));
        _packer = new Packer(_tokenizer, PromptStyle.Get("mini"));
        _weights = new TrainedWeights(config, _compute, (long)options.Seed);
        if (options.Resume is { } folder)
            _progress = Checkpoint.Load(folder, _weights);
        _model = new TrainingModel(config, pixels, _compute);
        var targets = new CellTargets(_tokenizer);
        _step = new TrainingStep(_model, _weights, targets.Background);
        _threads = options.Threads > 0 ? options.Threads : Math.Max(1, Environment.ProcessorCount - 2);
        _heldOut = new HeldOutBatches(_packer, targets, _tokenizer, options.Tokens, options.EvaluateBatches, _compute.IsCuda);
        _log = new TrainingLog(Path.Combine(options.Out, LogFile), echo);
    }

    /// <summary>Trains until the time is over or <paramref name="stop"/> asks for the end; either way the last weights are saved.</summary>
    /// <param name="options">How.</param>
    /// <param name="echo">Told of every line of the log; may be null.</param>
    /// <param name="stop">Ends training within one step.</param>
    /// <returns>The folder with the last checkpoint.</returns>
    public static string Run(TrainingOptions options, Action<string>? echo = null, CancellationToken stop = default)
    {
        // A thread of its own: gradients, scopes and live counts belong to a thread.
        using var thread = new InferenceThread("StarKV training");
        return thread.Run(() =>
        {
            using var mode = TorchSharp.torch.inference_mode(false);
            using var gradients = TorchSharp.torch.enable_grad();
            using var scope = TorchSharp.torch.NewDisposeScope();
            using var trainer = new Trainer(options, echo);
            return trainer.All(stop);
        });
    }

    private string All(CancellationToken stop)
    {
        var options = _options;
        Train(new Phase("train", new WallSchedule(options.Rate, options.Warmup, options.DecayShare), options.Tokens, false, options.Steps),
            () => Total() - TimeSpan.FromMinutes(options.AlignMinutes), stop);
        if (options.AlignMinutes > 0 && !stop.IsCancellationRequested)
        {
            Save("control");
            var start = _watch.Elapsed;
            Train(new Phase("align", new WallSchedule(options.AlignRate, 25, 0.7), options.AlignTokens, true, 0), () => Total() - start, stop);
        }

        return Save("latest");
    }

    private void Train(Phase phase, Func<TimeSpan> time, CancellationToken stop)
    {
        var (start, total, steps) = (_watch.Elapsed, time(), 0L);
        var plan = new BatchPlan(new SampleMix(_options.Seed, _options.HistoryShare), phase.Tokens, _progress.Jobs,
            _options.EasySteps / BatchPlan.StepsPerJob, phase.Align, _compute.IsCuda);
        using var optimiser = new Optimiser(_weights);
        using var feed = new BatchFeed(plan, _packer, () => new CellTargets(_tokenizer), _threads);
        var lap = new Lap(_watch);
        while (!stop.IsCancellationRequested && _watch.Elapsed - start < total && (phase.MaxSteps == 0 || steps < phase.MaxSteps))
        {
            var rate = phase.Schedule.At(steps, _watch.Elapsed - start, total);
            using (var batch = lap.Wait(feed.Take))
            {
                _step.Run(batch, optimiser, rate, phase.Align);
                lap.Count(batch);
                _progress = new Progress(_progress.Steps + 1, Math.Max(_progress.Jobs, batch.Job + _threads));
            }

            steps++;
            if (steps % _options.LogEvery == 0)
            {
                Report(phase, lap, rate, start);
                total = time();
            }

            if (steps % _options.EvaluateEvery == 0)
                Evaluate(phase, lap);
            if ((_watch.Elapsed - _saved).TotalMinutes >= _options.SaveMinutes)
                lap.Pause(() => Save("latest"));
        }

        if (steps % _options.EvaluateEvery != 0)
            Evaluate(phase, lap);
    }

    private void Report(Phase phase, Lap lap, double rate, TimeSpan start)
    {
        var means = _step.Take();
        var speed = lap.Take();
        var memory = MemoryReading.Now(_compute);
        _log.Write(new
        {
            Phase = phase.Name,
            Step = _progress.Steps,
            Seconds = Math.Round(_watch.Elapsed.TotalSeconds, 1),
            PhaseSeconds = Math.Round((_watch.Elapsed - start).TotalSeconds, 1),
            Rate = rate,
            AnswerLoss = Rounded(means.Answer),
            CellLoss = Rounded(means.Cell),
            AlignLoss = phase.Align ? Rounded(means.Align) : null,
            TokenAccuracy = Rounded(means.TokenAccuracy),
            CellAccuracy = Rounded(means.CellAccuracy),
            GradientNorm = Rounded(means.Norm),
            speed.MillisecondsAStep,
            speed.TokensPerSecond,
            speed.ScreenshotsPerSecond,
            speed.WaitShare,
            ProcessBytes = memory.ProcessBytes,
            DeviceBytes = memory.DeviceUsedBytes,
        });

        // JSON has no word for a loss that is no number.
        static double? Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 5) : null;
    }

    private void Evaluate(Phase phase, Lap lap) => lap.Pause(() => _log.Write(new
    {
        Phase = phase.Name,
        Step = _progress.Steps,
        Seconds = Math.Round(_watch.Elapsed.TotalSeconds, 1),
        HeldOut = _heldOut.Measure(_step),
    }));

    private string Save(string name)
    {
        var folder = Path.Combine(_options.Out, name);
        Checkpoint.Save(folder, _options.Shape, _weights, _progress);
        _saved = _watch.Elapsed;
        return folder;
    }

    /// <summary>The wall time of the command: what the file says, if there is one.</summary>
    private TimeSpan Total()
    {
        var file = Path.Combine(_options.Out, MinutesFile);
        try
        {
            if (File.Exists(file) && double.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var minutes))
                return TimeSpan.FromMinutes(Math.Clamp(minutes, 0, 1e5));
        }
        catch (IOException)
        {
            // It is being written; the next look will find it.
        }

        return TimeSpan.FromMinutes(_options.Minutes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log.Dispose();
        _heldOut.Dispose();
        _step.Dispose();
        _model.Dispose();
        _weights.Dispose();
    }
}
