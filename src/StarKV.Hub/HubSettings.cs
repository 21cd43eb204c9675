using StarKV.Files;
using StarKV.Weights;

namespace StarKV.Hub;

/// <summary>Where the hub is, where its cache lies, and who asks. Every value is checked when it is set.</summary>
public sealed record HubSettings
{
    /// <summary>The hub's address, http or https, without query, user and password; default https://huggingface.co.</summary>
    /// <exception cref="StarKvException">It is no such address.</exception>
    public Uri Endpoint { get; init => field = CheckEndpoint(value, nameof(Endpoint)); } = new("https://huggingface.co");

    /// <summary>The folder that holds <c>models--ORG--NAME</c>.</summary>
    /// <exception cref="StarKvException">It is empty.</exception>
    public required string CacheFolder
    {
        get; init => field = string.IsNullOrWhiteSpace(value) ? throw new StarKvException(
        $"{nameof(CacheFolder)} is empty; name a folder.") : value;
    }

    /// <summary>Sent to <see cref="Endpoint"/> alone; null, or blanks, for none.</summary>
    /// <exception cref="StarKvException">
    /// It cannot be a token: it has a blank, a line break or another character beyond printable ASCII in it.
    /// </exception>
    public string? Token { get; init => field = value is null ? null : HubToken.Read(value, $"{nameof(HubSettings)}.{nameof(Token)}"); }

    /// <summary>True to answer from the cache only.</summary>
    public bool Offline { get; init; }

    /// <summary>Files that are fetched at the same time, 1 to 16; default 4.</summary>
    /// <exception cref="StarKvException">It is out of these bounds.</exception>
    public int Jobs
    {
        get;
        init => field = value is >= 1 and <= 16
            ? value
            : throw new StarKvException($"{value} files at the same time are not possible; 1 to 16 are.");
    } = 4;

    /// <summary>
    /// How long a connection may stay silent before it is given up and tried again, above 0 and at most a day; default 60 seconds.
    /// </summary>
    /// <exception cref="StarKvException">It is out of these bounds.</exception>
    public TimeSpan Silence
    {
        get;
        init => field = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new StarKvException($"{nameof(Silence)} is {value}; it must be above 0 and at most a day.");
    } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Reads HF_ENDPOINT, HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, HF_TOKEN, HF_TOKEN_PATH and HF_HUB_OFFLINE, the variables of the
    /// Python tools.
    /// </summary>
    /// <exception cref="StarKvException">One of them, or the token's file, holds what it cannot mean.</exception>
    public static HubSettings FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static HubSettings From(Func<string, string?> variable)
    {
        var environment = new HubEnvironment(variable);
        var settings = new HubSettings
        {
            CacheFolder = environment.CacheFolder(),
            Token = environment.Value("HF_TOKEN") is { } token
                ? HubToken.Read(token, "HF_TOKEN")
                : HubToken.ReadFile(environment.Folder("HF_TOKEN_PATH") ?? Path.Combine(environment.Home(), "token")),
            Offline = environment.Value("HF_HUB_OFFLINE")?.Trim().ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE",
        };
        return environment.Value("HF_ENDPOINT") is { } endpoint
            ? settings with { Endpoint = ReadEndpoint(endpoint, "HF_ENDPOINT") }
            : settings;
    }

    /// <summary>Reads an address, as <see cref="Endpoint"/> takes it; slashes at its end are left out.</summary>
    /// <param name="text">The address.</param>
    /// <param name="source">Where it was given, for the message.</param>
    /// <exception cref="StarKvException">It is no such address.</exception>
    public static Uri ReadEndpoint(string text, string source) => Uri.TryCreate(text.Trim().TrimEnd('/'), UriKind.Absolute, out var address)
        ? CheckEndpoint(address, source)
        : throw NoAddress(text, source);

    private static Uri CheckEndpoint(Uri address, string source)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https") || address.Query.Length + address.Fragment.Length > 0)
            throw NoAddress(address.OriginalString, source);
        if (address.UserInfo.Length > 0)
            throw new StarKvException($"{source} holds a user's name or password, which is not sent; give a token in HF_TOKEN instead.");
        return address;
    }

    private static StarKvException NoAddress(string text, string source) =>
        new($"{source} is '{MessageText.Text(text)}', which is no address; write it like https://huggingface.co.");
}
