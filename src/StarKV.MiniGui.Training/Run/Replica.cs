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
        if (options.Resume is { } folder)
            Progress = Checkpoint.Load(folder, Weights);
        _model = new TrainingModel(config, PreprocessorConfig.Load(options.Shape), Compute);
        Step = new TrainingStep(_model, Weights, Targets().Background);
        _threads = options.Threads > 0 ? options.Threads : Math.Max(1, (Environment.ProcessorCount - 2) / group.Size);
    }

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

    /// <summary>Threads that make such batches.</summary>
    public BatchFeed Feed(BatchPlan plan) => new(plan, Packer, Targets, _threads);

    /// <summary>Takes the steps of a phase until replica 0 decides that there is none.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="decide">The next step's learning rate, or null for the end; asked of replica 0 alone.</param>
    /// <param name="throughput">Measures the speed.</param>
    public void Train(Phase phase, Func<double?> decide, Throughput throughput)
    {
        using var optimiser = new Optimiser(Weights, gradient => _group.Mean(_number, gradient));
        using var feed = Feed(Plan(phase.Tokens, phase.Align));
        while (_group.Decide(_number, decide) is { } rate)
        {
            using var batch = throughput.Wait(feed.Take);
            Step.Run(batch, optimiser, rate, phase.Align);
            throughput.Count(batch);
            Progress = new Progress(Progress.Steps + 1, Math.Max(Progress.Jobs, batch.Job + _threads));
        }
    }

    public void Dispose()
    {
        Step.Dispose();
        _model.Dispose();
        Weights.Dispose();
    }
}
