using System.Text.Json.Serialization;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;

namespace StarKV.MiniGui.Dataset;

/// <summary>One question as a JSON object: the fields of ScreenSpot, then our own. File names are relative to the JSON file.</summary>
public sealed record DatasetRow
{
    /// <value>The current frame's picture.</value>
    [JsonPropertyName("img_filename"), JsonPropertyOrder(0)]
    public required string Picture { get; init; }

    /// <value>Where a click is right: x, y, width, height in pixels; null when the answer is not a click.</value>
    [JsonPropertyName("bbox"), JsonPropertyOrder(1)]
    public required IReadOnlyList<int>? Box { get; init; }

    /// <value>The task in words.</value>
    [JsonPropertyName("instruction"), JsonPropertyOrder(2)]
    public required string Instruction { get; init; }

    /// <value><c>icon</c> when the target itself has no words, else <c>text</c>.</value>
    [JsonPropertyName("data_type"), JsonPropertyOrder(3)]
    public required string DataType { get; init; }

    /// <value>Always <c>minigui</c>.</value>
    [JsonPropertyName("data_source"), JsonPropertyOrder(4)]
    public string DataSource { get; } = "minigui";

    /// <value>Unique in the file: the sample's number and the question's number in it.</value>
    [JsonPropertyName("id"), JsonPropertyOrder(5)]
    public required string Id { get; init; }

    /// <value>A <see cref="TaskKind"/>, as <see cref="LabelNames"/> writes it.</value>
    [JsonPropertyName("kind"), JsonPropertyOrder(6)]
    public required string Kind { get; init; }

    /// <value>A <see cref="Words.Split"/>, as <see cref="LabelNames"/> writes it.</value>
    [JsonPropertyName("split"), JsonPropertyOrder(7)]
    public required string Split { get; init; }

    /// <value><c>first</c> or <c>last</c>: where the instruction stands.</value>
    [JsonPropertyName("order"), JsonPropertyOrder(8)]
    public required string Order { get; init; }

    /// <value>The answer as a model writes it.</value>
    [JsonPropertyName("expected"), JsonPropertyOrder(9)]
    public required string Expected { get; init; }

    /// <value>True when only an earlier frame holds the answer.</value>
    [JsonPropertyName("needs_earlier_frame"), JsonPropertyOrder(10)]
    public required bool NeedsEarlierFrame { get; init; }

    /// <value>All frames that the question sees, oldest first; the last is <see cref="Picture"/>.</value>
    [JsonPropertyName("frames"), JsonPropertyOrder(11)]
    public required IReadOnlyList<string> Frames { get; init; }

    /// <value>The frames' checksums: SHA-256 over the RGB bytes, not over the file.</value>
    [JsonPropertyName("sha256"), JsonPropertyOrder(11)]
    public required IReadOnlyList<string> Checksums { get; init; }

    /// <value>One action for each frame but the last.</value>
    [JsonPropertyName("past_actions"), JsonPropertyOrder(12)]
    public required IReadOnlyList<string> PastActions { get; init; }

    /// <value>Width and height of the frames in pixels.</value>
    [JsonPropertyName("size"), JsonPropertyOrder(13)]
    public required IReadOnlyList<int> Size { get; init; }

    /// <value>The arrangement of the screen.</value>
    [JsonPropertyName("layout"), JsonPropertyOrder(14)]
    public required string Layout { get; init; }

    /// <value>The sample's seed.</value>
    [JsonPropertyName("seed"), JsonPropertyOrder(15)]
    public required ulong Seed { get; init; }

    internal static DatasetRow Of(
        Sample sample, Question question, string id, IReadOnlyList<string> pictures, IReadOnlyList<string> checksums)
    {
        var frames = pictures.Take(question.Frame + 1).ToList();
        return new()
        {
            Picture = frames[^1],
            Box = question.Target is { } box ? [box.X, box.Y, box.Width, box.Height] : null,
            Instruction = question.Instruction,
            DataType = DataTypeOf(question),
            Id = id,
            Kind = LabelNames.Of(question.Kind),
            Split = LabelNames.Of(sample.Split),
            Order = sample.Order is StarKV.MiniGui.Order.First ? "first" : "last",
            Expected = question.Answer,
            NeedsEarlierFrame = question.NeedsEarlierFrame,
            Frames = frames,
            Checksums = [.. checksums.Take(frames.Count)],
            PastActions = [.. sample.PastActions.Take(question.Frame)],
            Size = [sample.Size.Width, sample.Size.Height],
            Layout = sample.Frames[0].Layout,
            Seed = sample.Seed,
        };
    }

    internal static string DataTypeOf(Question question) =>
        question.Kind is TaskKind.Icon || question.Clicks is { Kind: ElementKind.IconButton or ElementKind.RowIcon } ? "icon" : "text";
}
