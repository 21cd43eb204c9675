using StarKV.Act;
using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Benchmarks.AgentNetBench;

/// <summary>UI-TARS actions in the benchmark's language, as GUI-KV and STaR-KV translate them.</summary>
/// <remarks>
/// Known oddities, kept: <c>ctrl</c> becomes <c>control</c>, which no true action is called; <c>unsuccessful</c> contains <c>success</c>.
/// </remarks>
internal static class UiTarsActions
{
    /// <summary>The actions for one parsed call; none where the benchmark has no word for it.</summary>
    /// <param name="name">The call's name.</param>
    /// <param name="inputs">Its inputs, boxes as texts of relative numbers.</param>
    public static IReadOnlyList<OpenCuaAction> Of(string? name, IReadOnlyList<CompatibilityInput> inputs)
    {
        var start = Point("start_box");
        return name switch
        {
            "click" or "long_press" => At("click", start),
            "left_double" => At("doubleclick", start),
            "right_single" => At("rightclick", start),
            "drag" => start is null ? [] : At("dragto", Point("end_box")),
            "hotkey" =>
                Text("key") is { } key
                    ? [
                        new("hotkey")
                        {
                            Keys =
                            [
                                .. key.ToLowerInvariant()
                                    .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                                    .Select(k => k.Replace("ctrl", "control", StringComparison.Ordinal)),
                            ],
                        }]
                    : [],
            "type" => Text("content") is { } text ? Written(text) : [],
            "scroll" =>
                start is not null && Text("direction") is { } direction
                    ? [new("scroll") { Amount = direction is "up" or "right" ? 5 : -5 }]
                    : [],
            "press_back" => [new("press") { Keys = ["escape"] }],
            "finished" =>
                [
                    new("terminate")
                    {
                        Text = (Text("content") ?? "").Contains("success", StringComparison.OrdinalIgnoreCase) ? "success" : "failure",
                    },
                ],
            _ => [],
        };

        string? Text(string key) => inputs.FirstOrDefault(i => i.Name == key)?.Text;
        ScreenPoint? Point(string key) =>
            Text(key) is { } box && Reading.NumberList.Of(box) is [var x, var y, ..] ? new ScreenPoint(x, y) : null;
    }

    private static IReadOnlyList<OpenCuaAction> At(string kind, ScreenPoint? point) => point is null ? [] : [new(kind) { Point = point }];

    private static IReadOnlyList<OpenCuaAction> Written(string text) => text.EndsWith('\n')
        ? [new("write") { Text = text[..^1] }, new("press") { Keys = ["enter"] }]
        : [new("write") { Text = text }];
}
