using System.Text.Json.Serialization;
using StarKV.Files;
using StarKV.MiniGui;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Benchmarks.MiniGui;

/// <summary>How many screens a task shows, and where its instruction is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskForm>))]
public enum TaskForm
{
    /// <summary>One screen, followed by the instruction.</summary>
    Screen,

    /// <summary>A history, the instruction before it.</summary>
    First,

    /// <summary>A history, followed by the instruction.</summary>
    Last,
}

/// <summary>One line of the manifest: from where the task is drawn, and what must come of it.</summary>
public sealed record MiniGuiTask
{
    private const int MinSide = 336, MaxSide = 4200;

    // What comes before and after a typed text.
    private static readonly string[] s_typed = Answers.Type("|").Split('|');

    /// <value>Split, form, kind and number.</value>
    public required string Id { get; init; }

    /// <value>What the screens may show.</value>
    [JsonConverter(typeof(JsonStringEnumConverter<Split>))]
    public required Split Split { get; init; }

    /// <value>How many screens, and where the instruction stands.</value>
    public required TaskForm Form { get; init; }

    /// <value>What is asked for.</value>
    [JsonConverter(typeof(JsonStringEnumConverter<TaskKind>))]
    public required TaskKind Kind { get; init; }

    /// <value>What makes it harder; null for a task of the plain world.</value>
    [JsonConverter(typeof(JsonStringEnumConverter<Challenge>))]
    public Challenge? Challenge { get; init; }

    /// <value>Width and height of the frames in pixels.</value>
    public required ScreenSize Size { get; init; }

    /// <value>The sample's seed.</value>
    public required ulong Seed { get; init; }

    /// <value>The task in words.</value>
    public required string Instruction { get; init; }

    /// <value>The right answer as a model writes it.</value>
    public required string Expected { get; init; }

    /// <value>Where a click is right: x, y, width, height in pixels of the last frame; null when the answer is not a click.</value>
    [JsonPropertyName("bbox")]
    public IReadOnlyList<int>? Box { get; init; }

    /// <value>For each frame, oldest first, SHA-256 over its RGB bytes.</value>
    public required IReadOnlyList<string> Sha256 { get; init; }

    /// <value>The text to type; null when <see cref="Expected"/> is not typed text.</value>
    [JsonIgnore]
    public string? Typed
    {
        get
        {
            var (before, after) = (s_typed[0], s_typed[1]);
            return Expected.Length >= before.Length + after.Length
                && Expected.StartsWith(before, StringComparison.Ordinal)
                && Expected.EndsWith(after, StringComparison.Ordinal)
                ? Expected[before.Length..^after.Length] : null;
        }
    }

    /// <summary>What no task can have, worded to follow its name in a sentence; null when there is nothing.</summary>
    [JsonIgnore]
    internal string? Fault => this switch
    {
        _ when !Enum.IsDefined(Split) || !Enum.IsDefined(Form) || !Enum.IsDefined(Kind) => "has a split, form or kind that does not exist",
        _ when Challenge is { } challenge && !Fits(challenge) =>
            "has a challenge that does not exist, or that its split or form does not have",
        _ when !IsSide(Size.Width) || !IsSide(Size.Height) =>
            $"has the size {Size}; both sides are multiples of 28 from {MinSide} to {MaxSide}",
        _ when Sha256.Count == 0 || Sha256.Any(string.IsNullOrEmpty) => "has no sha256 for some frame",
        { Box: null, Typed: null } => $"has no bbox, and expected is {MessageText.Text(Expected)}; {Answers.Type("…")} is expected then",
        { Box: { } box } when !(box is [>= 0 and var x, >= 0 and var y, > 0 and var width, > 0 and var height]
            && x <= Size.Width - (long)width
            && y <= Size.Height - (long)height) =>
            $"has the bbox [{string.Join(", ", box)}]; x, y, width, height of a box in {Size} are expected",
        _ => null,
    };

    private bool Fits(Challenge challenge) =>
        Enum.IsDefined(challenge)
        && Split is Split.Train or Split.Test
        && (Form is TaskForm.Screen || challenge is StarKV.MiniGui.Challenge.LongText);

    private static bool IsSide(int pixels) => pixels is >= MinSide and <= MaxSide && pixels % 28 == 0;
}
