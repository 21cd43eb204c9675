using System.Text.Json;

namespace StarKV.MiniGui;

/// <summary>How kinds, splits and forms are written in options, labels and files: in lower case, words joined by hyphens.</summary>
public static class LabelNames
{
    /// <summary>A value's name, such as <c>type-given</c> for <see cref="Tasks.TaskKind.TypeGiven"/>.</summary>
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
