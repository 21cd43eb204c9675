using StarKV.Act;

namespace StarKV.Evaluation.Benchmarks.Reading;

/// <summary>The engine's own reading of an answer, for the profile <c>strict</c>.</summary>
internal static class StrictActions
{
    /// <summary>The first action; null when there is none.</summary>
    public static GuiAction? First(ModelFamily family, GroundingAnswer answer) =>
        family is ModelFamily.OpenCua ? OpenCuaActionParser.Parse(answer.Text, answer.Coordinates).First : UiTarsActionParser.Parse(answer.Text, answer.Coordinates).First;
}
