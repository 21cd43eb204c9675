using System.Text.RegularExpressions;
using StarKV.Files;

namespace StarKV.Hub;

/// <summary>Reads the environment variables of the Python tools, as these read them; a variable of blanks counts as not set.</summary>
/// <param name="variable">Gives a variable's value, null when it is not set.</param>
internal sealed partial class HubEnvironment(Func<string, string?> variable)
{
    /// <summary>The folder that holds <c>models--ORG--NAME</c>: HF_HUB_CACHE, else HUGGINGFACE_HUB_CACHE, else <c>hub</c> in HF_HOME.</summary>
    /// <exception cref="StarKvException">A variable names no folder.</exception>
    public string CacheFolder() => Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(Home(), "hub");

    /// <summary>All settings.</summary>
    /// <exception cref="StarKvException">A variable, or the token's file, holds what it cannot mean; the sentence names it.</exception>
    public HubSettings Settings()
    {
        var settings = new HubSettings
        {
            CacheFolder = CacheFolder(),
            Token = Value("HF_TOKEN") is { } token ? HubToken.Read(token, "HF_TOKEN") : HubToken.ReadFile(Folder("HF_TOKEN_PATH") ?? Path.Combine(Home(), "token")),
            Offline = Value("HF_HUB_OFFLINE")?.Trim().ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE",
        };
        return Value("HF_ENDPOINT") is { } endpoint ? settings with { Endpoint = HubSettings.ReadEndpoint(endpoint, "HF_ENDPOINT") } : settings;
    }

    private static string User => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private string? Value(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private string Home() => Folder("HF_HOME")
        ?? (Folder("XDG_CACHE_HOME") is { } caches ? Path.Combine(caches, "huggingface") : Path.Combine(User, ".cache", "huggingface"));

    /// <summary>A folder's or file's full path, with <c>~</c> and then <c>$NAME</c> and <c>${NAME}</c> replaced; what is not set stays as it is written.</summary>
    private string? Folder(string name)
    {
        if (Value(name) is not { } value)
            return null;
        if (value[0] == '~' && value.Length > 1 && value[1] != '/')
            throw new StarKvException($"{name} is '{MessageText.Text(value)}'; ~ stands for your own home folder alone. Write the path in full.");
        var path = Variable().Replace(value[0] == '~' ? User + value[1..] : value, match => variable(match.Groups["name"].Value) ?? match.Value);
        return string.IsNullOrWhiteSpace(path) || path.Any(char.IsControl)
            ? throw new StarKvException($"{name} is '{MessageText.Text(value)}', which names no folder. Write a path without line breaks.")
            : Path.GetFullPath(path);
    }

    [GeneratedRegex(@"\$(?:(?<name>[A-Za-z0-9_]+)|\{(?<name>[^}]*)\})", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
