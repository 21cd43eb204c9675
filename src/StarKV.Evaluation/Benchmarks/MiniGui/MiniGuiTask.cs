using System.Text.Json.Serialization;
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
}
