using System.Diagnostics.CodeAnalysis;
using StarKV.Budget;
using StarKV.Compact;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Sessions;

namespace StarKV;

/// <summary>How a session's steps are read and answered.</summary>
/// <remarks>
/// <see cref="AnswerOptions.PastActions"/> are answers that were given before the session, whose screenshots it does not get.
/// </remarks>
public sealed record SessionOptions : AnswerOptions
{
    /// <summary>
    /// Bytes of rows in the host's memory that a session may take unless it is told otherwise: 28 screenshots of 1932×1092 for a 7B model.
    /// </summary>
    public const long DefaultHostBytes = 4L << 30;

    /// <value>The compression method; default <see cref="StarKv"/> with its session preset.</value>
    public ICompressionMethod Method { get; init; } = new StarKv();

    /// <value>
    /// How much of the cache is kept; default 20 %. With <see cref="KvStorage.Evict"/> give a number of tokens: a share of the tokens seen
    /// squeezes the first screenshot hardest, when least is known about what will be asked.
    /// </value>
    public KvBudget Budget { get; init; } = KvBudget.Keep(0.20);

    /// <value>Where the rows are that the cache does not hold; default <see cref="KvStorage.Lossless"/>.</value>
    public KvStorage Storage { get; init; } = KvStorage.Lossless;

    /// <value>
    /// Most bytes of rows in the host's memory, 0 or more; default <see cref="DefaultHostBytes"/>. A session that would need more goes on
    /// with
    /// <see cref="KvStorage.Evict"/>, and its answers say so.
    /// </value>
    public long HostBytes { get; init; } = DefaultHostBytes;

    /// <value>
    /// What the method may not drop; default the instruction and the user's further texts. What a prompt does not mark, as ready text, is
    /// not
    /// protected.
    /// </value>
    public ProtectedTokens Protect { get; init; } = new() { Instruction = true };

    /// <value>Screenshots that the conversation holds at most, 1 or more; null (default) for all of them.</value>
    public int? FrameWindow { get; init; }

    /// <value>
    /// Earlier answers that the conversation holds at most, 0 or more; null (default) for all of them, as UI-TARS has it; OpenCUA shows 10.
    /// Older turns leave whole; one that still shows a screenshot, or in which the user said something, stays.
    /// </value>
    public int? AnswerWindow { get; init; }

    /// <value>What becomes of the rest when a screenshot or an answer leaves its window; default <see cref="WindowSlide.Drop"/>.</value>
    public WindowSlide Slide { get; init; } = WindowSlide.Drop;

    /// <summary>Returns these options when every value is within its bounds.</summary>
    /// <exception cref="StarKvException">One is not.</exception>
    [Experimental("STARKV001")]
    public SessionOptions Bounded()
    {
        AgentArguments.CheckBounds(this);
        if (FrameWindow is < 1)
            throw new StarKvException($"The frame window is {FrameWindow} screenshots; it must be 1 or more, or null for all of them.");
        if (AnswerWindow is < 0)
            throw new StarKvException($"The answer window is {AnswerWindow} answers; it must be 0 or more, or null for all of them.");
        if (HostBytes < 0)
            throw new StarKvException($"HostBytes is {HostBytes}; it must be 0 or more. " +
                $"To keep no rows in the host's memory say KvStorage.Evict.");
        return this with { Generation = Generation.Checked() };
    }

    /// <summary>
    /// The compression of a step: the method, protection around it, and where rows are lost for good the highest scores so far.
    /// </summary>
    /// <param name="marksInstruction">Whether the conversation marks the user's own words.</param>
    [Experimental("STARKV001")]
    public Compression CompressionOf(bool marksInstruction)
    {
        var method = Storage == KvStorage.Evict && !Method.LayerBudget.DropsNothing ? new RunningMaximum(Method) : Method;
        var protect = marksInstruction ? Protect : Protect with { Instruction = false };
        return new Compression(protect.IsEmpty ? method : new Protected(method, protect), Budget);
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Method.Name}, keep {Budget}, {Storage}, {base.ToString()}";
}
