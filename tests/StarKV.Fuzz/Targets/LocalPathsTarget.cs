using System.Text;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.Data;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;

namespace StarKV.Fuzz.Targets;

/// <summary>A <c>starkv.local.json</c>: the folders of every benchmark are looked up, and the model.</summary>
internal sealed class LocalPathsTarget(Scratch scratch) : IFuzzTarget
{
    private readonly string _path = Path.Combine(scratch.Sub("local"), DataFolders.LocalFile);

    public string Name => "local-paths";

    public int InputsARound => 3_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("datasets", "model", "annotations", "images", "data", "\\u0000", "mind2web");

    public IEnumerable<byte[]> Seeds() => [Encoding.UTF8.GetBytes("""{"model":"/m","datasets":"/d","mind2web":{"data":"/x"},"agentnetbench":{"annotations":"/a","images":"/i"},"screenspot-v2":{"annotations":"/b"}}""")];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, input);
        var found = PublishedBenchmarks.All.Select(b => (Folders: DataFolders.Find(b.Name, b.Layout, new NamedFolders(), _ => null, _path), b.Layout)).ToList();
        _ = found.Select(f => f.Folders.Missing(f.Layout).Count).ToList();
        return $"{string.Join(' ', found.Select(f => f.Folders.Annotations is null))} {RunPaths.Model(null, _ => null, _path) is null}";
    }
}
