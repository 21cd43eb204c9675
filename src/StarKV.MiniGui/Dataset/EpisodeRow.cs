using System.Text.Json.Serialization;
using StarKV.MiniGui.Episodes;

namespace StarKV.MiniGui.Dataset;

/// <summary>One episode as a JSON object. File names are relative to the JSON file.</summary>
public sealed record EpisodeRow
{
    /// <value>Unique in the file: the episode's number.</value>
    [JsonPropertyName("id"), JsonPropertyOrder(0)]
    public required string Id { get; init; }

    /// <value>What stands before the first screen.</value>
    [JsonPropertyName("instruction"), JsonPropertyOrder(1)]
    public required string Instruction { get; init; }

    /// <value>A <see cref="Words.Split"/>, as <see cref="LabelNames"/> writes it.</value>
    [JsonPropertyName("split"), JsonPropertyOrder(2)]
    public required string Split { get; init; }

    /// <value>Width and height of the screens in pixels.</value>
    [JsonPropertyName("size"), JsonPropertyOrder(3)]
    public required IReadOnlyList<int> Size { get; init; }

    /// <value>The arrangement of the screen.</value>
    [JsonPropertyName("layout"), JsonPropertyOrder(4)]
    public required string Layout { get; init; }

    /// <value>The episode's seed.</value>
    [JsonPropertyName("seed"), JsonPropertyOrder(5)]
    public required ulong Seed { get; init; }

    /// <value>The steps, oldest first.</value>
    [JsonPropertyName("steps"), JsonPropertyOrder(6)]
    public required IReadOnlyList<EpisodeStepRow> Steps { get; init; }

    internal static EpisodeRow Of(Episode episode, string id, IReadOnlyList<EpisodeStepRow> steps) => new()
    {
        Id = id,
        Instruction = episode.Instruction,
        Split = LabelNames.Of(episode.Split),
        Size = [episode.Size.Width, episode.Size.Height],
        Layout = episode.Steps[0].Screen.Layout,
        Seed = episode.Seed,
        Steps = steps,
    };
}
