using StarKV.Server.Http;
using StarKV.Server.Reading;
using StarKV.Server.Sessions;

namespace StarKV.Server;

/// <summary>Where the server listens, who may ask, and how long a request may take.</summary>
/// <remarks>Immutable, so thread-safe.</remarks>
public sealed record ServerOptions
{
    private const int MostPageSteps = 100;

    /// <value>What clients call the model; default <c>starkv</c>.</value>
    public string Model { get; init; } = "starkv";

    /// <value>Whether every model's name is taken for the loaded one; default false.</value>
    public bool AnyModel { get; init; }

    /// <value>
    /// The address to listen on: an IP address or <c>localhost</c>; default <c>127.0.0.1</c>. Any but this machine's own needs a key, or
    /// <see cref="Insecure"/>.
    /// </value>
    public string Host { get; init; } = "127.0.0.1";

    /// <value>The port, 0–65,535; default 8080. 0 takes a free one, which <see cref="StarKvServer.Address"/> tells.</value>
    public int Port { get; init; } = 8080;

    /// <value>The keys that clients may send, each with sessions of its own; default none, and nobody needs one.</value>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <value>Whether another address than this machine's own may be listened on without a key; default false.</value>
    public bool Insecure { get; init; }

    /// <value>How sessions are compressed and stored; default as <see cref="SessionOptions"/>. Its lengths are not used.</value>
    public SessionOptions Session { get; init; } = new();

    /// <value>How large a request may be.</value>
    public RequestLimits Limits { get; init; } = new();

    /// <value>How many conversations are remembered, and for how long.</value>
    public SessionLimits Sessions { get; init; } = new();

    /// <value>Time that a request may take when its client does not say, 0 or more; default 300 s, 0 for no limit.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <value>Most connections, 1 or more; default 1,000.</value>
    public int Connections { get; init; } = 1000;

    /// <value>
    /// Time for which a server that is to end still listens and refuses, 0 or more; default 5 s. It is for what spreads requests over
    /// several servers.
    /// </value>
    public TimeSpan DrainNotice { get; init; } = TimeSpan.FromSeconds(5);

    /// <value>Time that running requests have to finish after that, 0 or more; default 60 s.</value>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <value>
    /// Requests of each session whose words, screenshots and answers the page at <c>/</c> shows, 0–100; default 8. They are kept as long as
    /// the session, and count as <see cref="SessionLimits.InputBytes"/>. With 0 nothing is kept, and there is no page.
    /// </value>
    public int PageSteps { get; init; } = 8;

    /// <value>Told a sentence about what should be looked at; null (default) for nobody. Called from several threads.</value>
    public Action<string>? Log { get; init; }

    /// <summary>In one line, for logs and the debugger; keys are counted, not named.</summary>
    public override string ToString() => FormattableString.Invariant($"{Model} on {Host}:{Port}, {ApiKeys.Count} key(s), {Session}");

    /// <summary>Returns these options when every value is within its bounds, and nobody is let in who should not be.</summary>
    /// <exception cref="StarKvException">A value is not, or the address is one that others reach, and no key is set.</exception>
    public ServerOptions Checked()
    {
        ListenAddress.Check(Host, ApiKeys.Count > 0 || Insecure);
        if (Model.Length == 0)
            throw new StarKvException("The model's name is empty; clients could not ask for it.");
        if (Port is < 0 or > 65535)
            throw new StarKvException($"The port is {Port}; it must be 0 to 65535.");
        if (Connections < 1)
            throw new StarKvException($"The server's Connections is {Connections}; it must be 1 or more.");
        if (PageSteps is < 0 or > MostPageSteps)
            throw new StarKvException($"The server's PageSteps is {PageSteps}; it must be 0 to {MostPageSteps}.");
        foreach (var (name, value) in new[]
            {
                (nameof(RequestTimeout), RequestTimeout), (nameof(DrainNotice), DrainNotice), (nameof(DrainTimeout), DrainTimeout),
            })
        {
            if (value < TimeSpan.Zero)
                throw new StarKvException($"The server's {name} is {value}; it must be 0 or more.");
        }

        if (ApiKeys.Any(string.IsNullOrWhiteSpace))
            throw new StarKvException("An API key is empty; remove it, or write one.");
        return this with { Limits = Limits.Bounded(), Sessions = Sessions.Bounded() };
    }
}
