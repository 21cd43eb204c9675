using StarKV.Evaluation.Benchmarks.MiniGui;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;

namespace StarKV.Fuzz.Targets;

/// <summary>A list of tasks of MiniGui-Bench: read, made to tasks, each judged.</summary>
internal sealed class ManifestTarget(Scratch scratch) : IFuzzTarget
{
    private readonly string _path = Path.Combine(scratch.Sub("manifest"), "tasks.json");

    public string Name => "manifest";

    public int InputsARound => 3_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJsonLines("\"bbox\":[0,0,1,1],", "\"expected\":\"Action: type(content='x')\"", "\"Screen\"", "\"First\"", "\"Text\"", "\"size\":{\"width\":336,\"height\":336}");

    public IEnumerable<byte[]> Seeds()
    {
        var tasks = MiniGuiManifest.Load();
        yield return MiniGuiManifest.Bytes([.. tasks.Take(4)]);
        yield return MiniGuiManifest.Bytes([.. tasks.Where(t => t.Form is TaskForm.Last).Take(2)]);
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        var benchmark = MiniGuiBenchmark.Of(_path);
        var answers = new[] { JudgedAnswers.Of("Action: click(start_box='(41,311)')"), JudgedAnswers.Of("Action: type(content='Sheet')") };
        var verdicts = benchmark.Tasks.Take(8).SelectMany(t => answers.Select(a => (int)t.Judge(a).Verdict));
        return $"{Math.Min(benchmark.Tasks.Count, 8)} {string.Concat(verdicts)}";
    }
}
