using System.Diagnostics;
using System.Globalization;
using StarKV.Files;
using StarKV.MiniGui.Training.Checkpoints;
using StarKV.Runtime;

namespace StarKV.MiniGui.Training.Run;

/// <summary>Trains the small GUI model from scratch, or on from a checkpoint, within a wall time.</summary>
/// <remarks>
/// In <see cref="TrainingOptions.Out"/>: <c>log.jsonl</c>, <c>latest</c> (every few
/// minutes and at the end), <c>control</c> (before the alignment). Not thread-safe.
/// </remarks>
public sealed class Trainer : IDisposable
{
    private const string LogFile = "log.jsonl", MinutesFile = "minutes", Latest = "latest", Control = "control";
    private readonly TrainingOptions _options;
    private readonly ReplicaGroup _group;
    private readonly Replica _lead;
    private readonly HeldOutBatches _heldOut;
    private readonly TrainingLog _log;
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    // What earlier runs of this training took.
    private readonly TimeSpan _before;
    private TimeSpan _saved, _phaseStart;
    private Phase _phase;
    private long _steps;

    private Trainer(TrainingOptions options, ReplicaGroup group, string device, Action<string>? echo)
    {
        (_options, _group) = (options, group);
        _lead = new Replica(options, group, 0, Compute.Choose(device));
        _heldOut = new HeldOutBatches(
            _lead.Packer, _lead.Targets(), _lead.Tokenizer, options.Tokens, options.EvaluateBatches, _lead.Compute.IsCuda,
            options.Thoughts);
        _log = new TrainingLog(Path.Combine(options.Out, LogFile), echo);
        _phase = First(options);
        _saved = _before = TimeSpan.FromSeconds(_lead.From?.Seconds ?? 0);
    }

    private bool HasState => _options.KeepState && (_lead.From is not null || _saved > TimeSpan.Zero);

    private TimeSpan Elapsed => _before + _watch.Elapsed;

    /// <summary>Trains until the time is over or <paramref name="stop"/> asks for the end; either way the last weights are saved.</summary>
    /// <param name="options">How.</param>
    /// <param name="echo">Called with every line of the log; may be null.</param>
    /// <param name="stop">Ends training within one step.</param>
    /// <returns>The folder with the last checkpoint.</returns>
    /// <exception cref="StarKvException">
    /// <see cref="TrainingOptions.Out"/> is or is inside a model folder that is read, or a checkpoint's folder there holds something else.
    /// </exception>
    public static string Run(TrainingOptions options, Action<string>? echo = null, CancellationToken stop = default)
    {
        Check(options);
        var devices = options.Device.Split(',');
        using var group = new ReplicaGroup(devices.Length);
        var folder = "";
        ReplicaThreads.Run(group, number => new InferenceThread(FormattableString.Invariant($"StarKV training {number}")), number =>
        {
            using var mode = TorchSharp.torch.inference_mode(false);
            using var gradients = TorchSharp.torch.enable_grad();
            using var scope = TorchSharp.torch.NewDisposeScope();
            if (number > 0)
            {
                Follow(options, group, number, devices[number]);
                return;
            }

            using var trainer = new Trainer(options, group, devices[0], echo);
            try
            {
                folder = trainer.Lead(stop);
            }
            catch
            {
                // What was learned until then is worth more than the failure costs; a state to go on from exactly is worth more still.
                if (!trainer.HasState)
                    trainer.Save(Latest);
                throw;
            }
        });
        group.ThrowFailure();
        return folder;
    }

    private static void Check(TrainingOptions options)
    {
        Apart.Within(options.Out, "training", options.Shape, "the model whose shape is taken");
        Apart.Within(options.Out, "training", options.Resume, "the model that training continues from");
        foreach (var name in new[] { Latest, Control })
            OutputFolder.Check(Path.Combine(options.Out, name), Checkpoint.What, Checkpoint.Kind);
    }

    private static Phase First(TrainingOptions options) =>
        new(Phase.Train, new WallSchedule(options.Rate, options.Warmup, options.DecayShare), options.Tokens, false, options.Steps);

    private static Phase Second(TrainingOptions options) =>
        new(Phase.Align, new WallSchedule(options.AlignRate, 25, 0.7), options.AlignTokens, true, 0);

    private static void Follow(TrainingOptions options, ReplicaGroup group, int number, string device)
    {
        using var replica = new Replica(options, group, number, Compute.Choose(device));
        var throughput = new Throughput(Stopwatch.StartNew());
        if (replica.From?.Phase != Phase.Align)
            replica.Train(First(options), () => null, throughput);
        if (group.Decide(number, () => null) is not null)
            replica.Train(Second(options), () => null, throughput);
    }

    private string Lead(CancellationToken stop)
    {
        var isAligning = _lead.From?.Phase == Phase.Align;
        if (!isAligning)
            Train(First(_options), () => Total() - TimeSpan.FromMinutes(_options.AlignMinutes), stop);
        var aligns = isAligning || (_options.AlignMinutes > 0 && !stop.IsCancellationRequested);
        if (_group.Decide(0, () => aligns ? 1 : null) is not null)
        {
            if (!isAligning)
                Save(Control);
            Train(Second(_options), () => Total() - _phaseStart, stop);
        }

        return Save(Latest, _options.KeepState);
    }

    private void Train(Phase phase, Func<TimeSpan> time, CancellationToken stop)
    {
        var from = _lead.From?.Phase == phase.Name ? _lead.From : null;
        (_phase, _steps) = (phase, from?.Steps ?? 0);
        _phaseStart = Elapsed - TimeSpan.FromSeconds(from?.PhaseSeconds ?? 0);
        var total = time();
        var rate = 0.0;
        var isFirst = true;
        var throughput = new Throughput(_watch);
        _lead.Train(phase, () =>
        {
            if (!isFirst)
            {
                _steps++;
                AfterStep();
            }

            isFirst = false;
            if (stop.IsCancellationRequested || Elapsed - _phaseStart >= total || (phase.MaxSteps > 0 && _steps >= phase.MaxSteps))
                return null;
            return rate = phase.Schedule.At(_steps, Elapsed - _phaseStart, total);
        }, throughput);
        if (_steps % _options.EvaluateEvery != 0)
            Evaluate(phase, throughput);

        void AfterStep()
        {
            if (_steps % _options.LogEvery == 0)
            {
                Report(phase, throughput, rate);
                total = time();
            }

            if (_steps % _options.EvaluateEvery == 0)
                Evaluate(phase, throughput);
            if ((Elapsed - _saved).TotalMinutes >= _options.SaveMinutes)
                throughput.Pause(() => Save(Latest, _options.KeepState));
        }
    }

    private void Report(Phase phase, Throughput throughput, double rate)
    {
        var means = _lead.Step.Take();
        var speed = throughput.Take();
        var memory = MemoryReading.Now(_lead.Compute);
        _log.Write(new
        {
            Phase = phase.Name,
            Step = _lead.Progress.Steps,
            Seconds = Math.Round(Elapsed.TotalSeconds, 1),
            PhaseSeconds = Math.Round((Elapsed - _phaseStart).TotalSeconds, 1),
            Rate = rate,
            AnswerLoss = Rounded(means.Answer),
            CellLoss = Rounded(means.Cell),
            PlaceLoss = Rounded(means.Place),
            AlignLoss = phase.Aligns ? Rounded(means.Align) : null,
            TokenAccuracy = Rounded(means.TokenAccuracy),
            CellAccuracy = Rounded(means.CellAccuracy),
            PlaceAccuracy = Rounded(means.PlaceAccuracy),
            GradientNorm = Rounded(means.Norm),
            speed.MillisecondsAStep,
            speed.TokensPerSecond,
            speed.ScreenshotsPerSecond,
            speed.WaitShare,
            ProcessBytes = memory.ProcessBytes,
            DeviceBytes = memory.DeviceUsedBytes,
        });

        // JSON has no word for a loss that is not a number.
        static double? Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 5) : null;
    }

    private void Evaluate(Phase phase, Throughput throughput) => throughput.Pause(() => _log.Write(new
    {
        Phase = phase.Name,
        Step = _lead.Progress.Steps,
        Seconds = Math.Round(Elapsed.TotalSeconds, 1),
        HeldOut = _heldOut.Measure(_lead.Step.Predict),
    }));

    private string Save(string name, bool state = false)
    {
        var folder = Path.Combine(_options.Out, name);
        // What somebody put there while training ran stays, and so does what was learned.
        for (var number = 2; !OutputFolder.IsFree(folder, Checkpoint.Kind); number++)
            folder = Path.Combine(_options.Out, $"{name}-{number}");
        Checkpoint.Save(folder, _options.Shape, _lead.Weights, _lead.Progress, state ? WriteState : null);
        _saved = Elapsed;
        return folder;
    }

    private void WriteState(string draft) => _lead.WriteState(draft, _phase, _steps, Elapsed, Elapsed - _phaseStart);

    /// <summary>The wall time of the training: what the file says, if there is one.</summary>
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
        _lead.Dispose();
    }
}
