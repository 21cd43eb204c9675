using StarKV.Files;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>In which language a model is asked and answers.</summary>
public enum AnswerFamily
{
    /// <summary>UI-TARS, and every other model on Qwen2.5-VL: calls such as <c>click(start_box='(1,2)')</c>.</summary>
    UiTars,

    /// <summary>OpenCUA: pyautogui code.</summary>
    OpenCua,
}

/// <summary>Distinguishes families.</summary>
public static class AnswerFamilies
{
    /// <summary>The family by <c>model_type</c> of the folder's config.json.</summary>
    /// <exception cref="StarKvException">The file cannot be read.</exception>
    public static AnswerFamily Detect(string folder) =>
        JsonFile.Read(Path.Combine(folder, "config.json")).Text("model_type") is { } type
            && type.Contains("opencua", StringComparison.OrdinalIgnoreCase)
            ? AnswerFamily.OpenCua
            : AnswerFamily.UiTars;
}
