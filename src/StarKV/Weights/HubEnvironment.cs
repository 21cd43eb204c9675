using System.Text.RegularExpressions;
using StarKV.Files;

namespace StarKV.Weights;

/// <summary>Reads the environment variables of the Python tools, as these read them; a variable of blanks counts as not set.</summary>
/// <param name="variable">Gives a variable's value, null when it is not set.</param>
public sealed partial class HubEnvironment(Func<string, string?> variable)
{
    /// <summary>
    /// The folder that holds <c>models--ORG--NAME</c>: HF_HUB_CACHE, else HUGGINGFACE_HUB_CACHE, else <c>hub</c> in HF_HOME.
    /// </summary>
    /// <exception cref="StarKvException">A variable names no folder.</exception>
    public string CacheFolder() => Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(Home(), "hub");

    private static string User => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>A variable's value; null when it is not set or holds blanks alone.</summary>
    public string? Value(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    /// <summary>
    /// The folder of the Python tools: HF_HOME, else <c>huggingface</c> in XDG_CACHE_HOME or in the user's <c>.cache</c>.
    /// </summary>
    /// <exception cref="StarKvException">A variable names no folder.</exception>
    public string Home() => Folder("HF_HOME")
        ?? (Folder("XDG_CACHE_HOME") is { } caches ? Path.Combine(caches, "huggingface") : Path.Combine(User, ".cache", "huggingface"));

    /// <summary>
    /// A folder's or file's full path, with <c>~</c> and then <c>$NAME</c> and <c>${NAME}</c> replaced; what is not set stays as it is
    /// written.
    /// </summary>
    /// <param name="name">The variable.</param>
    /// <returns>The path; null when the variable is not set.</returns>
    /// <exception cref="StarKvException">The value names no folder.</exception>
    public string? Folder(string name)
    {
        if (Value(name) is not { } value)
            return null;
        if (value[0] == '~' && value.Length > 1 && value[1] != '/')
            throw new StarKvException($"{name} is '{MessageText.Text(value)}'; ~ stands for your own home " +
                $"folder alone. Write the path in full.");
        var path = Variable()
            .Replace(value[0] == '~' ? User + value[1..] : value, match => variable(match.Groups["name"].Value) ?? match.Value);
        return string.IsNullOrWhiteSpace(path) || path.Any(char.IsControl)
            ? throw new StarKvException($"{name} is '{MessageText.Text(value)}', which names no folder. Write a path without line breaks.")
            : Path.GetFullPath(path);
    }

    [GeneratedRegex(@"\$(?:(?<name>[A-Za-z0-9_]+)|\{(?<name>[^}]*)\})", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
