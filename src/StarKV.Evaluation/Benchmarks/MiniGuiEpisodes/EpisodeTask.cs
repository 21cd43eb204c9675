using System.Text.Json.Serialization;
using StarKV.MiniGui.Episodes;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Benchmarks.MiniGuiEpisodes;

/// <summary>One line of the manifest: from where the episode is drawn, and what must come of it.</summary>
public sealed record EpisodeTask
{
    /// <value>How many steps, and a number.</value>
    public required string Id { get; init; }

    /// <value>What the screens may show.</value>
    [JsonConverter(typeof(JsonStringEnumConverter<Split>))]
    public required Split Split { get; init; }

    /// <value>Width and height of the screens in pixels.</value>
    public required ScreenSize Size { get; init; }

    /// <value>The episode's seed.</value>
    public required ulong Seed { get; init; }

    /// <value>What stands before the first screen.</value>
    public required string Instruction { get; init; }

    /// <value>The steps, oldest first.</value>
    public required IReadOnlyList<EpisodeTaskStep> Steps { get; init; }

    internal static EpisodeTask Of(string id, Episode episode, Func<Screen, string> checksum) => new()
    {
        Id = id,
        Split = episode.Split,
        Size = episode.Size,
        Seed = episode.Seed,
        Instruction = episode.Instruction,
        Steps = [.. episode.Steps.Select(step => EpisodeTaskStep.Of(step, checksum(step.Screen)))],
    };
}

/// <summary>What one step of an episode must be.</summary>
public sealed record EpisodeTaskStep
{
    /// <value>What is asked for.</value>
    [JsonConverter(typeof(JsonStringEnumConverter<TaskKind>))]
    public required TaskKind Kind { get; init; }

    /// <value>The text behind the screen.</value>
    public required string Text { get; init; }

    /// <value>The right answer as a model writes it.</value>
    public required string Expected { get; init; }

    /// <value>Where a click is right: x, y, width, height in pixels; null when the answer is not a click.</value>
    [JsonPropertyName("bbox")]
    public IReadOnlyList<int>? Box { get; init; }

    /// <value>See <see cref="EpisodeStep.StepsAgo"/>.</value>
    public required int StepsAgo { get; init; }

    /// <value>SHA-256 over the screen's RGB bytes.</value>
    public required string Sha256 { get; init; }

    internal static EpisodeTaskStep Of(EpisodeStep step, string checksum) => new()
    {
        Kind = step.Question.Kind,
        Text = step.Text,
        Expected = step.Answer,
        Box = step.Question.Target is { } box ? [box.X, box.Y, box.Width, box.Height] : null,
        StepsAgo = step.StepsAgo,
        Sha256 = checksum,
    };
}
