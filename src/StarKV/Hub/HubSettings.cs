namespace StarKV.Hub;

/// <summary>Where the hub is, where its cache lies, and who asks. The environment variables are those of the Python tools.</summary>
public sealed record HubSettings
{
    /// <summary>The hub's address; default https://huggingface.co.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>The folder that holds <c>models--ORG--NAME</c>.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Sent to <see cref="Endpoint"/> alone; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>True to answer from the cache only.</summary>
    public bool Offline { get; init; }

    /// <summary>Files that are fetched at the same time, 1 to 16; default 4.</summary>
    public int Jobs { get; init; } = 4;

    /// <summary>How long a connection may stay silent before it is given up and tried again; default 60 seconds.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads HF_ENDPOINT, HF_HUB_CACHE, HF_HOME, HF_TOKEN, HF_TOKEN_PATH and HF_HUB_OFFLINE.</summary>
    /// <exception cref="StarKvException">HF_ENDPOINT is no address.</exception>
    public static HubSettings FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static HubSettings From(Func<string, string?> variable)
    {
        string? Get(string name) => variable(name) is { Length: > 0 } value ? value : null;
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string Full(string path) => Path.GetFullPath(path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? user + path[1..] : path);
        var home = Full(Get("HF_HOME") ?? Path.Combine(Get("XDG_CACHE_HOME") ?? Path.Combine(user, ".cache"), "huggingface"));
        var settings = new HubSettings
        {
            CacheFolder = Full(Get("HF_HUB_CACHE") ?? Path.Combine(home, "hub")),
            Token = Get("HF_TOKEN")?.Trim() ?? ReadToken(Full(Get("HF_TOKEN_PATH") ?? Path.Combine(home, "token"))),
            Offline = Get("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE",
        };
        return Get("HF_ENDPOINT") is { } endpoint ? settings with { Endpoint = ReadEndpoint(endpoint, "HF_ENDPOINT") } : settings;
    }

    /// <summary>Reads an address; <paramref name="source"/> names where it was given.</summary>
    internal static Uri ReadEndpoint(string text, string source) =>
        Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Query.Length == 0
            ? address
            : throw new StarKvException($"{source} is '{text}', which is no address; write it like https://huggingface.co.");

    private static string? ReadToken(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StarKvException($"The hub's token in {path} cannot be read: {e.Message}", e);
        }
    }
}
