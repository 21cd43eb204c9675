using System.Text.Json.Serialization;
using StarKV.MiniGui.Episodes;

namespace StarKV.MiniGui.Dataset;

/// <summary>One step of an episode as a JSON object: the fields of ScreenSpot, then our own.</summary>
public sealed record EpisodeStepRow
{
    /// <value>The screen's picture.</value>
    [JsonPropertyName("img_filename"), JsonPropertyOrder(0)]
    public required string Picture { get; init; }

    /// <value>Where a click is right: x, y, width, height in pixels; null when the answer is not a click.</value>
    [JsonPropertyName("bbox"), JsonPropertyOrder(1)]
    public required IReadOnlyList<int>? Box { get; init; }

    /// <value>The text behind the screen.</value>
    [JsonPropertyName("instruction"), JsonPropertyOrder(2)]
    public required string Instruction { get; init; }

    /// <value><c>icon</c> when the target itself has no words, else <c>text</c>.</value>
    [JsonPropertyName("data_type"), JsonPropertyOrder(3)]
    public required string DataType { get; init; }

    /// <value>A <see cref="Tasks.TaskKind"/>, as <see cref="LabelNames"/> writes it.</value>
    [JsonPropertyName("kind"), JsonPropertyOrder(4)]
    public required string Kind { get; init; }

    /// <value>The answer as a model writes it; what turned this screen into the next one.</value>
    [JsonPropertyName("expected"), JsonPropertyOrder(5)]
    public required string Expected { get; init; }

    /// <value>See <see cref="EpisodeStep.StepsAgo"/>.</value>
    [JsonPropertyName("steps_ago"), JsonPropertyOrder(6)]
    public required int StepsAgo { get; init; }

    /// <value>The picture's checksum: SHA-256 over the RGB bytes, not over the file.</value>
    [JsonPropertyName("sha256"), JsonPropertyOrder(7)]
    public required string Checksum { get; init; }

    internal static EpisodeStepRow Of(EpisodeStep step, string picture, string checksum) => new()
    {
        Picture = picture,
        Box = step.Question.Target is { } box ? [box.X, box.Y, box.Width, box.Height] : null,
        Instruction = step.Text,
        DataType = DatasetRow.DataTypeOf(step.Question),
        Kind = LabelNames.Of(step.Question.Kind),
        Expected = step.Answer,
        StepsAgo = step.StepsAgo,
        Checksum = checksum,
    };
}
