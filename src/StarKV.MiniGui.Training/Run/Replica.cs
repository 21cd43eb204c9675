using StarKV.Input;
using StarKV.MiniGui.Training.Checkpoints;
using StarKV.MiniGui.Training.Data;
using StarKV.MiniGui.Training.Model;
using StarKV.MiniGui.Training.Optimise;
using StarKV.MiniGui.Training.Weights;
using StarKV.Models;
using StarKV.Models.Qwen25Vl;
using StarKV.Runtime;
using StarKV.Text;

namespace StarKV.MiniGui.Training.Run;

/// <summary>One device's model, and the steps it takes with the others of its group.</summary>
internal sealed class Replica : IDisposable
{
    private readonly TrainingOptions _options;
    private readonly ReplicaGroup _group;
    private readonly int _number, _threads;
    private readonly QwenTokenizer _tokenizer;
    private readonly TrainingModel _model;
    private Optimiser? _optimiser;

    public Replica(TrainingOptions options, ReplicaGroup group, int number, Compute compute)
    {
        (_options, _group, _number, Compute) = (options, group, number, compute);
        TrainingOps.RunAsWritten();
        var config = ModelConfig.Load(options.Shape) as Qwen25VlConfig
            ?? throw new StarKvException($"The trainer makes models of the Qwen2.5-VL class; {options.Shape} describes another.");
        _tokenizer = QwenTokenizer.Load(Path.Combine(options.Shape, "tokenizer.json"));
        _tokenizer.CheckFits(config.Text.VocabSize);
        Packer = new Packer(_tokenizer, PromptStyle.Get("mini"));
        Weights = new TrainedWeights(config, Compute, (long)options.Seed);
        _model = new TrainingModel(config, PreprocessorConfig.Load(options.Shape), Compute);
        Step = new TrainingStep(_model, Weights, Targets().Background);
        _threads = options.Threads > 0 ? options.Threads : Math.Max(1, (Environment.ProcessorCount - 2) / group.Size);
        if (options.Resume is not { } folder)
            return;
        Progress = Checkpoint.Load(folder, Weights);
        From = RunState.Read(folder, Settings);
        if (From is not null)
            RunNumbers.Read(folder, Weights);
    }

    /// <summary>Where the run was stopped that this one goes on with; null for a new one, and for a checkpoint without its state.</summary>
    public RunState? From { get; }

    /// <summary>What a run that goes on with this one must share with it.</summary>
    public IReadOnlyDictionary<string, string> Settings => RunState.SettingsOf(_options, _threads);

    public Compute Compute { get; }

    public Packer Packer { get; }

    public QwenTokenizer Tokenizer => _tokenizer;

    public TrainedWeights Weights { get; }

    public TrainingStep Step { get; }

    public Progress Progress { get; private set; } = new(0, 0);

    /// <summary>Names cells; every thread wants its own.</summary>
    public CellTargets Targets() => new(_tokenizer);

    /// <summary>What this replica's batches hold from now on.</summary>
    /// <param name="tokens">Padded tokens of a batch.</param>
    /// <param name="align">Whether answers are chosen for the alignment.</param>
    public BatchPlan Plan(int tokens, bool align) => new(
        new SampleMix(_options.Seed, _options.HistoryShare) { Thoughts = _options.Thoughts, HardShare = _options.HardShare },
        tokens, Progress.Jobs, _options.EasySteps / BatchPlan.StepsPerJob, align, Compute.IsCuda, _number);

    /// <summary>Threads that make such batches, from the first one or from a position on.</summary>
    public BatchFeed Feed(BatchPlan plan, FeedPosition? from = null) => new(plan, Packer, Targets, _threads, from);

    /// <summary>Writes the numbers and the state of the phase that was trained last; for replica 0, between two steps.</summary>
    public void WriteState(string folder, Phase phase, long steps, TimeSpan all, TimeSpan inPhase)
    {
        RunNumbers.Write(folder, Weights, _optimiser!);
        var (seconds, phaseSeconds) = (all.TotalSeconds, inPhase.TotalSeconds);
        new RunState(phase.Name, steps, seconds, phaseSeconds, _optimiser!.Steps, [.. _group.Feeds], Settings).Write(folder);
    }

    /// <summary>Takes the steps of a phase until replica 0 decides that there is none.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="decide">The next step's learning rate, or null for the end; asked of replica 0 alone.</param>
    /// <param name="throughput">Measures the speed.</param>
    public void Train(Phase phase, Func<double?> decide, Throughput throughput)
    {
        var from = From?.Phase == phase.Name ? From : null;
        Begin(from);
        using var feed = Feed(Plan(phase.Tokens, phase.Aligns), from?.Feeds[_number]);
        _group.Feeds[_number] = feed.Position;
        while (_group.Decide(_number, decide) is { } rate)
        {
            using var batch = throughput.Wait(feed.Take);
            _group.Feeds[_number] = feed.Position;
            Step.Run(batch, _optimiser!, rate, phase.Aligns);
            throughput.Count(batch);
            Progress = new Progress(Progress.Steps + 1, Math.Max(Progress.Jobs, batch.Job + _threads));
        }
    }

    // It outlives the phase: what it has gathered is saved after the last step, too.
    private void Begin(RunState? from)
    {
        _optimiser?.Dispose();
        _optimiser = new Optimiser(Weights, gradient => _group.Mean(_number, gradient)) { Steps = from?.Updates ?? 0 };
        if (from is not null)
            RunNumbers.Read(_options.Resume!, _optimiser);
    }

    public void Dispose()
    {
        _optimiser?.Dispose();
        Step.Dispose();
        _model.Dispose();
        Weights.Dispose();
    }
}
