using System.CommandLine;
using System.Net;
using StarKV.Schedule;
using StarKV.Server;
using StarKV.Server.Reading;
using StarKV.Server.Sessions;
using StarKV.Sessions;

namespace StarKV.Cli.Commands.Serve;

/// <summary>The options of a server: where it listens, who may ask, how sessions are compressed, and the limits.</summary>
internal sealed class ServeChoices
{
    private static readonly ServerOptions s_server = new();
    private static readonly EngineOptions s_engine = new();

    private readonly Option<string?> _name = new("--name")
    {
        Description = "What clients call the model. Default: the folder's name.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _anyModel = new("--any-model") { Description = "Take every model's name for the loaded one." };

    private readonly Option<string> _host = new("--host")
    {
        Description = "Address to listen on. Any but this machine's own needs keys or --insecure.",
        DefaultValueFactory = _ => s_server.Host,
        HelpName = "ADDRESS",
    };

    private readonly Option<int> _port = new("--port")
    {
        Description = "Port to listen on; 0 takes a free one, which the first line of the output names.",
        DefaultValueFactory = _ => s_server.Port,
        HelpName = "N",
    };

    private readonly Option<string?> _keys = new("--api-key-file")
    {
        Description = "A file of the keys that clients may send, one a line; lines that begin with # are none. " +
            $"Each key has its own sessions. {ApiKeyList.Variable} holds further ones, a comma between them.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "Listen on an address that others reach without any key.",
    };

    private readonly CompressionOptions _compression = new();

    private readonly Option<KvStorage> _storage = Names.Option(
        "--storage",
        "Where the rows are that the cache does not hold: lossless (in the host's memory, read by every step), store (there, " +
            "read to choose the cache from) or evict (gone; give --keep a number of tokens).",
        KvStorage.Lossless);

    private readonly Option<int> _answer = Number(
        "--max-answer", "Longest answer in tokens, whatever a request asks for.", s_server.Limits.AnswerTokens);

    private readonly Option<int> _running = Number("--max-running", "Requests worked on at the same time.", s_engine.MaxRunning);
    private readonly Option<int> _waiting = Number("--max-waiting", "Requests that wait; further ones are refused.", 64);
    private readonly Option<int> _sessions = Number("--sessions", "Conversations that are remembered.", s_server.Sessions.Sessions);

    private readonly Option<int> _idle = Number(
        "--session-idle", "Seconds after which a conversation that nobody goes on with is forgotten.",
        (int)s_server.Sessions.Idle.TotalSeconds);

    private readonly Option<bool> _noPrefix = new("--no-prefix-match")
    {
        Description = "Go on with conversations that are named alone, and not with those that begin as a request does.",
    };

    private readonly Option<int> _page = Number(
        "--page-steps", "Requests of each conversation that the page at / shows, with screenshots; 0 for no page, and none are kept.",
        s_server.PageSteps);

    private readonly Option<int> _timeout = Number(
        "--request-timeout", "Seconds that a request may take when its client does not say; 0 for no limit.",
        (int)s_server.RequestTimeout.TotalSeconds);

    private readonly Option<int?> _notice = new("--drain-notice")
    {
        Description = "Seconds for which a server that is to end still listens and refuses. " +
            "Default: 5, or 0 on this machine's own address.",
        HelpName = "N",
    };

    private readonly Option<int> _drain = Number(
        "--drain-timeout", "Seconds that running requests have to finish when the server is to end.",
        (int)s_server.DrainTimeout.TotalSeconds);

    /// <summary>All of them, in the order of help.</summary>
    public IReadOnlyList<Option> All =>
    [
        _name, _anyModel, _host, _port, _keys, _insecure, _compression.Method, _compression.Keep, _compression.Set, _storage, _answer,
        _running, _waiting, _sessions, _idle, _noPrefix, _page, _timeout, _notice, _drain,
    ];

    /// <summary>What they say about the server.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="folder">The model's folder, whose name is the model's where none is given.</param>
    /// <param name="log">Told what should be looked at.</param>
    /// <exception cref="StarKvException">A value is unknown or out of its bounds.</exception>
    public ServerOptions Read(ParseResult parsed, string folder, Action<string> log)
    {
        var host = parsed.GetValue(_host)!;
        var local = host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        var options = s_server with
        {
            Model = parsed.GetValue(_name) ?? Path.GetFileName(folder.TrimEnd('/')),
            AnyModel = parsed.GetValue(_anyModel),
            Host = host,
            Port = parsed.GetValue(_port),
            ApiKeys = ApiKeyList.Read(parsed.GetValue(_keys), Environment.GetEnvironmentVariable),
            Insecure = parsed.GetValue(_insecure),
            Session = new SessionOptions
            {
                Method = _compression.ReadMethod(parsed),
                Budget = _compression.ReadBudget(parsed),
                Storage = parsed.GetValue(_storage),
            },
            Limits = new RequestLimits { AnswerTokens = parsed.GetValue(_answer) },
            Sessions = new SessionLimits
            {
                Sessions = parsed.GetValue(_sessions),
                Idle = Seconds(parsed.GetValue(_idle)),
                PrefixMatch = !parsed.GetValue(_noPrefix),
            },
            PageSteps = parsed.GetValue(_page),
            RequestTimeout = Seconds(parsed.GetValue(_timeout)),
            DrainNotice = parsed.GetValue(_notice) is { } notice ? Seconds(notice) : local ? TimeSpan.Zero : s_server.DrainNotice,
            DrainTimeout = Seconds(parsed.GetValue(_drain)),
            Log = log,
        };
        return options.Checked();
    }

    /// <summary>What they say about the engine.</summary>
    public EngineOptions ReadEngine(ParseResult parsed) => s_engine with
    {
        MaxRunning = parsed.GetValue(_running),
        MaxWaiting = parsed.GetValue(_waiting),
    };

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static Option<int> Number(string name, string description, int standard) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => standard,
        HelpName = "N",
    };
}
