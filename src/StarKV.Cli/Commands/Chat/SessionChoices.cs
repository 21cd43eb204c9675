using System.CommandLine;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV.Cli.Commands.Chat;

/// <summary>The options that a session is opened with; a saved session has them in its file.</summary>
internal sealed class SessionChoices
{
    private readonly CompressionOptions _compression = new();
    private readonly WritingOptions _writing = new();
    private readonly Option<string?> _prompt = SharedOptions.Prompt();

    private readonly Option<InstructionPosition?> _position = Names.Option<InstructionPosition>(
        "--position",
        "Where the instruction stands: first (a message before all screenshots), last (after the newest) or opening (in the message of " +
            "the oldest, before it). Default: as the wording has it.");

    private readonly Option<string[]> _protect = new("--protect")
    {
        Description = "What the method may not drop: system, instruction (and what else you say), answers, or none; several may be given.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => ["instruction"],
        HelpName = "PART",
    };

    private readonly Option<KvStorage> _storage = Names.Option(
        "--storage",
        "Where the rows are that the cache does not hold: lossless (in the host's memory, read by every step), store (there, " +
            "read to choose the cache from) or evict (gone; give --keep a number of tokens).",
        KvStorage.Lossless);

    private readonly Option<int?> _window = new("--window")
    {
        Description = "Screenshots that the conversation holds at most, 1 or more; the oldest leave. Default: all.",
        HelpName = "N",
    };

    private readonly Option<WindowSlide> _slide = Names.Option(
        "--slide", "What becomes of the rest when a screenshot leaves: drop (it stays as it is) or exact (it is read again).",
        WindowSlide.Drop);

    /// <summary>All of them, in the order of help.</summary>
    public IReadOnlyList<Option> All =>
    [
        _prompt, _position, _compression.Method, _compression.Keep, _compression.Set, _protect, _storage, _window, _slide, .. _writing.All,
    ];

    /// <summary>Those that the command line gives.</summary>
    public IEnumerable<Option> Given(ParseResult parsed) => All.Where(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>What they say.</summary>
    /// <exception cref="StarKvException">A value is unknown or out of its bounds.</exception>
    public SessionOptions Read(ParseResult parsed) => new()
    {
        Prompt = parsed.GetValue(_prompt) is { } name ? PromptStyle.Get(name) : null,
        Position = parsed.GetValue(_position),
        Method = _compression.ReadMethod(parsed),
        Budget = _compression.ReadBudget(parsed),
        Protect = ProtectedParts.OfSession(parsed.GetValue(_protect)!),
        Storage = parsed.GetValue(_storage),
        FrameWindow = parsed.GetValue(_window) is not < 1
            ? parsed.GetValue(_window)
            : throw new StarKvException($"--window is {parsed.GetValue(_window)}; it must be 1 or more."),
        Slide = parsed.GetValue(_slide),
        Generation = _writing.Read(parsed),
    };
}
