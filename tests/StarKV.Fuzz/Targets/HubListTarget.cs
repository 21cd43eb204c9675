using System.Text;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Hub;

namespace StarKV.Fuzz.Targets;

/// <summary>A hub's list of a model's files, and the choice of those that are fetched.</summary>
internal sealed class HubListTarget : IFuzzTarget
{
    private readonly HubModel _model = HubModel.Parse("ORG/NAME");

    public string Name => "hub-list";

    public int InputsARound => 10_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("rfilename", "siblings", "sha", "lfs", "sha256", "../", "\\\\", "\"blobId\"");

    public IEnumerable<byte[]> Seeds() => [List()];

    /// <summary>A list as a hub sends it.</summary>
    public static byte[] List() => Encoding.UTF8.GetBytes(
        $$$"""
        {"id":"ORG/NAME","sha":"{{{new string('a', 40)}}}","siblings":[
         {"rfilename":"config.json","size":20,"blobId":"{{{new string('b', 40)}}}"},
         {"rfilename":"model.safetensors","size":30,"blobId":"{{{new string('c', 40)}}}","lfs":{"sha256":"{{{new string('d', 64)}}}","size":30,"pointerSize":134}},
         {"rfilename":"a/b.txt"},{"rfilename":"tokenizer.json","size":null}]}
        """);

    public string Run(byte[] input)
    {
        var listing = HubListing.Parse(input, _model);
        var chosen = CheckpointFiles.Choose(_model, listing.Files, []);
        BrokenPromiseException.Unless(chosen.All(f => Path.GetFullPath($"/x/{f.Path}").StartsWith("/x/", StringComparison.Ordinal)), "a file lies outside of the model's folder");
        return $"{listing.Files.Count} {chosen.Count} {chosen.Count(f => f.IsComplete)}";
    }
}
