using StarKV.Act;
using StarKV.Decode;
using StarKV.Evaluation.Released;
using StarKV.Text;

namespace StarKV.Evaluation.Tests.Released;

/// <summary>All that reads an answer: the engine's parsers, the reproductions of other programs', and the history of OpenCUA.</summary>
internal static class EveryParser
{
    private static readonly UiTarsActionParser s_thousandths = new(CoordinateConvention.Thousandths);
    private static readonly OpenCuaHistory s_history = new("{thought}{action}");

    /// <summary>A screen of 1920×1080, which the model sees as 1932×1092.</summary>
    public static readonly CoordinateMapper Screen = CoordinateMapper.ForModelPixels(1920, 1080);

    /// <summary>The names and what each makes of an answer, in one line.</summary>
    public static readonly IReadOnlyList<(string Name, Func<string, string> Read)> All =
    [
        ("UI-TARS", answer => $"{UiTarsActionParser.Parse(answer, Screen)}"),
        ("UI-TARS, cut", answer => $"{UiTarsActionParser.Parse(answer, Screen, FinishReason.Length)}"),
        ("thousandths", answer => $"{s_thousandths.Parse(answer, 1920, 1080)}"),
        ("OpenCUA", answer => $"{OpenCuaActionParser.Parse(answer, Screen)}"),
        ("OpenCUA, cut", answer => $"{OpenCuaActionParser.Parse(answer, Screen, FinishReason.Length)}"),
        Of("js", new JsActionParser(new())),
        Of("js 1.5", new JsActionParser(new() { ModelVersion = "1.5", Screen = (1920, 1080) })),
        Of("js tagged", new JsActionParser(new() { TaggedAnswer = true })),
        Of("py", PyActionParser.Official(new())),
        Of("GUI-KV", PyActionParser.GuiKv(new() { Screen = (1920, 1080) })),
        Of("STaR-KV", new StarKvActionParser(new())),
        Of("STaR-KV, not raising", new StarKvActionParser(new(), raiseOnParseError: false)),
        ("OpenCUA lines", answer => $"{OpenCuaExtraction.CodeLines(answer)}"),
        ("OpenCUA extraction", answer => $"{OpenCuaExtraction.Read(answer, 1932, 1092)}"),
        ("OpenCUA official", answer => $"{OpenCuaOfficial.Actions(OpenCuaOfficial.ActionText(answer, 1932, 1092)).Count}"),
        ("OpenCUA grounding", answer => $"{OpenCuaGrounding.Points(answer, 1932, 1092)}"),
        ("OpenCUA rescue", answer => $"{OpenCuaRescue.Of(answer, 1920, 1080)}"),
        ("OpenCUA history", answer => s_history.Write(1, answer)),
    ];

    private static (string Name, Func<string, string> Read) Of(string name, ICompatibilityParser parser) => (name, answer => $"{parser.Parse(answer)}");
}
