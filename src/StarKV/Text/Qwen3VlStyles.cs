namespace StarKV.Text;

/// <summary>The styles of the published programs of GUI-Owl-1.5, UI-Venus-1.5 and Qwen3-VL.</summary>
/// <remarks>
/// All of them ask for thousandths of the screenshot, whatever model reads them. Sources and licences of the texts: Text/Prompts/README.md.
/// </remarks>
internal static class Qwen3VlStyles
{
    /// <summary>An agent of GUI-Owl-1.5: <c>computer</c> or <c>mobile</c>.</summary>
    public static PromptStyle GuiOwl(string device) => new(
        $"gui-owl.{device}",
        PromptTexts.Get("gui-owl.instruction").Replace("{previous_actions_str}", $"{{{StepLines.Placeholder}}}", StringComparison.Ordinal),
        PromptTexts.Get($"gui-owl.{device}.system"),
        InstructionPosition.Opening)
    {
        Actions = ActionLanguage.ToolCall,
        Coordinates = CoordinateConvention.Thousandths,
        Steps = StepLines.GuiOwl,
    };

    /// <summary>Grounding with GUI-Owl-1.5, which may be allowed to say that nothing on the screen is meant.</summary>
    public static PromptStyle GuiOwlGrounding(bool mayRefuse) => new(
        mayRefuse ? "gui-owl.refusal" : "gui-owl.grounding",
        "{instruction}",
        PromptTexts.Get("gui-owl.grounding.system") + (mayRefuse ? "\n" + PromptTexts.Get("gui-owl.refusal") : ""),
        InstructionPosition.Last)
    {
        Actions = ActionLanguage.ToolCall,
        Coordinates = CoordinateConvention.Thousandths,
    };

    /// <summary>An agent of UI-Venus-1.5: <c>mobile</c> or <c>web</c>.</summary>
    public static PromptStyle UiVenus(string place) => new(
        $"ui-venus.{place}",
        PromptTexts.Get($"ui-venus.{place}")
            .Replace("{user_task}", "{instruction}", StringComparison.Ordinal)
            .Replace("{previous_actions}", $"{{{StepLines.Placeholder}}}", StringComparison.Ordinal),
        null,
        InstructionPosition.Opening)
    {
        Actions = ActionLanguage.UiVenus,
        Coordinates = CoordinateConvention.Thousandths,
        Steps = StepLines.UiVenus,
    };

    /// <summary>Grounding with UI-Venus-1.5, which may be allowed to say that nothing on the screen is meant.</summary>
    public static PromptStyle UiVenusGrounding(bool mayRefuse) => new(
        mayRefuse ? "ui-venus.refusal" : "ui-venus.grounding",
        PromptTexts.Get(mayRefuse ? "ui-venus.refusal" : "ui-venus.grounding").Replace("{}", "{instruction}", StringComparison.Ordinal),
        null,
        InstructionPosition.Last)
    {
        Actions = ActionLanguage.Point,
        Coordinates = CoordinateConvention.Thousandths,
        EndsSentence = true,
    };

    /// <summary>An agent of Qwen3-VL: <c>computer</c> or <c>mobile</c>.</summary>
    public static PromptStyle Qwen3Vl(string device) => new(
        $"qwen3vl.{device}",
        PromptTexts.Get("qwen3vl.instruction"),
        PromptTexts.Get($"qwen3vl.{device}.system"),
        InstructionPosition.Opening)
    {
        Actions = ActionLanguage.ToolCall,
        // The phone's prompt gives its screen as 999×999.
        Coordinates = device == "mobile" ? CoordinateConvention.UpTo999 : CoordinateConvention.Thousandths,
        Steps = StepLines.Qwen3Vl,
    };
}
