using StarKV.Decode;
using StarKV.Text;

namespace StarKV.Act;

/// <summary>Reads an answer by the parser of its action language.</summary>
public static class ActionParser
{
    /// <summary>The actions of an answer and what was wrong with it; never throws on text.</summary>
    /// <param name="language">The form of its actions.</param>
    /// <param name="answer">The text the model wrote.</param>
    /// <param name="coordinates">From the model's numbers to the screen.</param>
    /// <param name="finish">
    /// Why the answer ended; null (default) when unknown. At <see cref="FinishReason.Length"/> a call that is not closed is not an action.
    /// </param>
    public static ParsedAnswer Parse(ActionLanguage language, string answer, CoordinateMapper coordinates, FinishReason? finish = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(coordinates);
        return language switch
        {
            ActionLanguage.OpenCua => OpenCuaActionParser.Parse(answer, coordinates, finish),
            ActionLanguage.ToolCall => ToolCallParser.Parse(answer, coordinates, finish),
            ActionLanguage.UiVenus => UiVenusParser.Parse(answer, coordinates, finish),
            ActionLanguage.Point => PointParser.Parse(answer, coordinates, finish),
            _ => UiTarsActionParser.Parse(answer, coordinates, finish),
        };
    }
}
