using System.Text.Json;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Evaluation.Records;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Text;

namespace StarKV.Fuzz.Targets;

/// <summary>An annotation file of a published benchmark: read, checked, every task opened, asked, answered and judged, the metrics taken.</summary>
internal sealed class BenchmarkTarget : IFuzzTarget
{
    private readonly BenchmarkFiles _files;
    private readonly string _folder;

    public BenchmarkTarget(Scratch scratch, BenchmarkFiles files)
    {
        (_files, _folder) = (files, scratch.Sub(files.Name));
        files.Prepare(_folder);
        Mutations = files.IsLines ? Mutate.Mutations.OfJsonLines() : Mutate.Mutations.OfJson("bbox", "instruction", "img_size", "steps", "action_type", "ground_truth_actions", "../");
    }

    public string Name => _files.Name;

    public int InputsARound => 600;

    public IReadOnlyList<IMutation> Mutations { get; }

    public IEnumerable<byte[]> Seeds() => [_files.Seed()];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_folder, _files.File), input);
        var profiles = _files.Benchmark.Profiles;
        var profile = _files.Slots is null ? profiles[input.Length % profiles.Count] : Profile.Strict;
        var benchmark = _files.Open(_folder, profile, input.Length % 3 == 0 ? AnswerFamily.OpenCua : AnswerFamily.UiTars);
        var (opened, faults) = (0, 0);
        var answers = new Dictionary<string, AnswerRecord?>();
        foreach (var task in benchmark.Tasks)
        {
            faults += task.Fault is null ? 0 : 1;
            opened += Opened(task) ? 1 : 0;
            var judgement = task.Judge(BenchmarkFiles.Answer());
            answers[task.Id] = new AnswerRecord("full", "100%", judgement.Verdict, "a", null, 1, 1, 1, 1, 0) { Measures = judgement.Measures };
        }

        _ = DataCheck.Of(_files.Benchmark, new BenchmarkOptions(_folder, _folder) { Profile = profile, ImageSlots = _files.Slots });
        var metrics = JsonSerializer.SerializeToNode(benchmark.Metrics(answers), s_json)!.AsObject();
        _ = benchmark.Released(new ReleasedRun("m", "full", "100%", "float32", 10), metrics);
        return $"{profile} {Math.Min(benchmark.Tasks.Count, 8)} {Math.Min(faults, 4)} {Math.Min(opened, 4)} {string.Concat(answers.Values.Take(4).Select(a => (int)a!.Verdict))}";
    }

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    // A task whose row cannot be read, or whose picture is not there, says so when it is opened.
    private static bool Opened(EvalTask task)
    {
        try
        {
            var input = task.Open();
            var screen = input.Screens[^1];
            _ = task.Target?.Invoke(screen);
            _ = input.Conversation?.Invoke([.. input.Screens.Select(s => MergedGrid.OfPixels(s.Width, s.Height))], [.. task.Earlier.Select((_, i) => i % 2 == 0 ? "Action: wait()" : null)]);
            return true;
        }
        catch (StarKvException)
        {
            return false;
        }
    }
}
