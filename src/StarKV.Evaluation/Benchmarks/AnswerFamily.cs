using StarKV.Files;
using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>In which language a model is asked and answers.</summary>
public enum AnswerFamily
{
    /// <summary>UI-TARS, and every other model on Qwen2.5-VL: calls such as <c>click(start_box='(1,2)')</c>.</summary>
    UiTars,

    /// <summary>OpenCUA: pyautogui code.</summary>
    OpenCua,

    /// <summary>GUI-Owl-1.5: JSON tool calls, in thousandths of the screen.</summary>
    GuiOwl,

    /// <summary>UI-Venus-1.5: bare places for grounding, in thousandths of the screen.</summary>
    UiVenus,

    /// <summary>Qwen3-VL itself: JSON tool calls, in thousandths of the screen.</summary>
    Qwen3Vl,
}

/// <summary>Distinguishes families.</summary>
public static class AnswerFamilies
{
    private const string GuiOwl = "gui-owl.", UiVenus = "ui-venus.";

    /// <summary>
    /// The family by <c>model_type</c> of the folder's config.json; among those that share Qwen3-VL's, by the style that the folder's
    /// starkv.json names.
    /// </summary>
    /// <exception cref="StarKvException">A file cannot be read.</exception>
    public static AnswerFamily Detect(string folder)
    {
        var type = JsonFile.Read(Path.Combine(folder, "config.json")).Text("model_type") ?? "";
        if (type.Contains("opencua", StringComparison.OrdinalIgnoreCase))
            return AnswerFamily.OpenCua;
        if (type != "qwen3_vl")
            return AnswerFamily.UiTars;
        var style = JsonFile.ReadIfPresent(Path.Combine(folder, "starkv.json"))?.Text("prompt") ?? "";
        return style.StartsWith(GuiOwl, StringComparison.OrdinalIgnoreCase) ? AnswerFamily.GuiOwl
            : style.StartsWith(UiVenus, StringComparison.OrdinalIgnoreCase) ? AnswerFamily.UiVenus
            : AnswerFamily.Qwen3Vl;
    }

    /// <summary>The style in which a family's own program asks where something is; null where benchmarks have words for it.</summary>
    internal static PromptStyle? Grounding(this AnswerFamily family) => family switch
    {
        AnswerFamily.GuiOwl => PromptStyle.Get(GuiOwl + "grounding"),
        AnswerFamily.UiVenus => PromptStyle.Get(UiVenus + "grounding"),
        AnswerFamily.Qwen3Vl => PromptStyle.Get("qwen3vl.computer"),
        _ => null,
    };

    /// <summary>The language of a family's answers to grounding questions.</summary>
    internal static ActionLanguage Language(this AnswerFamily family) =>
        family is AnswerFamily.OpenCua ? ActionLanguage.OpenCua : family.Grounding()?.Actions ?? ActionLanguage.UiTars;
}
