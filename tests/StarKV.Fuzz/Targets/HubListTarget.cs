using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Fuzz.Targets;

/// <summary>A hub's list of a model's files, and the choice of those that are fetched.</summary>
internal sealed class HubListTarget : IFuzzTarget
{
    private readonly HubModel _model = HubModel.Parse("ORG/NAME");

    public string Name => "hub-list";

    public int InputsARound => 10_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("rfilename", "siblings", "sha", "lfs", "sha256", "../", "\\\\", "\"blobId\"");

    public IEnumerable<byte[]> Seeds() => [HubFiles.List(), Encoding.UTF8.GetBytes($$"""{"sha":"{{new string('a', 40)}}","siblings":[{"rfilename":"config.json"},{"rfilename":"a/b.txt"},{"rfilename":"model.safetensors","size":null}]}""")];

    public string Run(byte[] input)
    {
        var listing = HubListing.Parse(input, _model);
        var chosen = CheckpointFiles.Choose(_model, listing.Files, []);
        BrokenPromiseException.Unless(chosen.All(f => Path.GetFullPath($"/x/{f.Path}").StartsWith("/x/", StringComparison.Ordinal)), "a file lies outside of the model's folder");
        return $"{listing.Files.Count} {chosen.Count} {chosen.Count(f => f.IsComplete)}";
    }
}
