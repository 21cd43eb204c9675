using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StarKV.Files;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.MiniGui.Training.Checkpoints;

namespace StarKV.Fuzz.Targets;

/// <summary>What training reads of a model folder besides its weights: <c>training.json</c>, and the <c>config.json</c> that it copies.</summary>
internal sealed class TrainingProgressTarget : IFuzzTarget
{
    private readonly string _from, _to;

    public TrainingProgressTarget(Scratch scratch) => (_from, _to) = (scratch.Sub("training-from"), scratch.Sub("training-to"));

    public string Name => "training-progress";

    public int InputsARound => 4_000;

    public IReadOnlyList<IMutation> Mutations { get; } = Mutate.Mutations.OfJson("Steps", "Jobs", "quantization_config");

    public IEnumerable<byte[]> Seeds() => [Encoding.UTF8.GetBytes("""{"Steps":1200,"Jobs":4800}"""), SeedFiles.Read("tests/vectors/golden/model/config.json")];

    public string Run(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_from, "config.json"), input);
        Directory.Delete(_to, recursive: true);
        Directory.CreateDirectory(_to);
        Checkpoint.CopyCompanions(_from, _to, new JsonObject { ["quant_method"] = "fp8" });
        // The record alone: Checkpoint.Load reads all weights before it.
        var progress = JsonFile.Record<Progress>(input, JsonSerializerOptions.Default, "training.json");
        return $"{progress.Steps > 0} {progress.Jobs > 0}";
    }
}
