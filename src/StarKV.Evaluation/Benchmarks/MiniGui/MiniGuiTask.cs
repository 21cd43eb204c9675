using System.Text.Json.Serialization;
using StarKV.Files;
using StarKV.MiniGui.Layout;
using StarKV.MiniGui.Tasks;
using StarKV.MiniGui.Words;

namespace StarKV.Evaluation.Benchmarks.MiniGui;

/// <summary>How many screens a task shows, and where its instruction stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskForm>))]
public enum TaskForm
{
    /// <summary>One screen, the instruction behind it.</summary>
    Screen,

    /// <summary>A history, the instruction before it.</summary>
    First,

    /// <summary>A history, the instruction behind it.</summary>
    Last,
}

/// <summary>One line of the manifest: from where the task is drawn, and what must come of it.</summary>
public sealed record MiniGuiTask
{
    private const int LeastSide = 336, LargestSide = 4200;

    // What stands around a typed text.
    private static readonly (string Before, string Behind) s_typed = Answers.Type("|").Split('|') is [var before, var behind] ? (before, behind) : default;

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

    /// <value>Width and height of the frames in pixels.</value>
    public required ScreenSize Size { get; init; }

    /// <value>The sample's seed.</value>
    public required ulong Seed { get; init; }

    /// <value>The task in words.</value>
    public required string Instruction { get; init; }

    /// <value>The right answer as a model writes it.</value>
    public required string Expected { get; init; }

    /// <value>Where a click is right: x, y, width, height in pixels of the last frame; null when the answer is no click.</value>
    [JsonPropertyName("bbox")]
    public IReadOnlyList<int>? Box { get; init; }

    /// <value>For each frame, oldest first, SHA-256 over its RGB bytes.</value>
    public required IReadOnlyList<string> Sha256 { get; init; }

    /// <value>The text to type; null when <see cref="Expected"/> is no typed text.</value>
    [JsonIgnore]
    public string? Typed
    {
        get
        {
            var (before, behind) = s_typed;
            return Expected.Length >= before.Length + behind.Length && Expected.StartsWith(before, StringComparison.Ordinal) && Expected.EndsWith(behind, StringComparison.Ordinal)
                ? Expected[before.Length..^behind.Length] : null;
        }
    }

    /// <summary>What no task can have, behind its name in a sentence; null when there is nothing.</summary>
    [JsonIgnore]
    internal string? Fault => this switch
    {
        _ when !Enum.IsDefined(Split) || !Enum.IsDefined(Form) || !Enum.IsDefined(Kind) => "has a split, form or kind that does not exist",
        _ when !IsSide(Size.Width) || !IsSide(Size.Height) => $"has the size {Size}; both sides are multiples of 28 from {LeastSide} to {LargestSide}",
        _ when Sha256.Count == 0 || Sha256.Any(string.IsNullOrEmpty) => "has no sha256 for some frame",
        { Box: null, Typed: null } => $"has no bbox, and expected is {Shown.Text(Expected)}; {Answers.Type("…")} is expected then",
        { Box: { } box } when !(box is [>= 0 and var x, >= 0 and var y, > 0 and var width, > 0 and var height] && x <= Size.Width - (long)width && y <= Size.Height - (long)height) =>
            $"has the bbox [{string.Join(", ", box)}]; x, y, width, height of a box in {Size} are expected",
        _ => null,
    };

    private static bool IsSide(int pixels) => pixels is >= LeastSide and <= LargestSide && pixels % 28 == 0;
}
