using System.CommandLine;
using System.CommandLine.Parsing;

namespace StarKV.Cli;

/// <summary>
/// Names of an enumeration as options, help and JSON write them: in lower case. They are read in any case, with hyphens or without.
/// </summary>
public static class Names
{
    /// <summary>A value's name, such as <c>strict</c> or <c>bfloat16</c>.</summary>
    public static string Of<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>An option that takes one of these names.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What help says.</param>
    /// <param name="standard">The value when no caller says.</param>
    /// <param name="accepted">The accepted values; default all.</param>
    public static Option<T> Option<T>(string name, string description, T standard, IReadOnlyList<T>? accepted = null) where T
        : struct, Enum =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => standard,
            CustomParser = result => Read(result, name, accepted) ?? standard,
            HelpName = "NAME",
        };

    /// <summary>An option that takes one of the names, or is not given.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What help says.</param>
    public static Option<T?> Option<T>(string name, string description) where T : struct, Enum => new(name)
    {
        Description = description,
        CustomParser = result => Read<T>(result, name, null),
        HelpName = "NAME",
    };

    private static T? Read<T>(ArgumentResult result, string option, IReadOnlyList<T>? accepted) where T : struct, Enum
    {
        accepted ??= Enum.GetValues<T>();
        var word = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        foreach (var value in accepted)
        {
            if (Of(value).Equals(word.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
                return value;
        }

        result.AddError($"{option} is '{word}'; it must be {Format.Choice(accepted.Select(Of))}.{Nearest.Hint(word, accepted.Select(Of))}");
        return null;
    }
}
