using StarKV.Input;
using StarKV.Text;

namespace StarKV;

/// <summary>One turn of a session.</summary>
/// <param name="Frames">Its screenshots that are still in the conversation, oldest first.</param>
/// <param name="Text">Further words of the user; null for none.</param>
/// <param name="Answer">The model's answer; null while it is to be given.</param>
internal sealed record SessionTurn(IReadOnlyList<SessionFrame> Frames, string? Text, string? Answer)
{
    /// <summary>Whether it has left the conversation, whole; nothing is kept of it but its number. Default false.</summary>
    public bool Left { get; init; }

    /// <summary>Whether the conversation has a message of the user for it.</summary>
    public bool Asks => Frames.Count > 0 || Speaks;

    /// <summary>Whether the user said something.</summary>
    public bool Speaks => !string.IsNullOrEmpty(Text);

    /// <summary>The turn without some of its screenshots.</summary>
    public SessionTurn Without(IReadOnlyCollection<SessionFrame> frames) =>
        Frames.Any(frames.Contains) ? this with { Frames = [.. Frames.Where(f => !frames.Contains(f))] } : this;

    /// <summary>The turn as it is written.</summary>
    public ConversationTurn Written() =>
        new([.. Frames.Select(f => new MergedGrid(f.Size.Grid.Rows, f.Size.Grid.Columns))], Text, Answer) { Left = Left };
}

/// <summary>A screenshot in a session: an object of its own, so that one picture shown twice is two.</summary>
/// <param name="source">The screenshot; null where a restored session has only its rows.</param>
/// <param name="hash">Its content hash.</param>
/// <param name="size">Its size to the user and to the model.</param>
internal sealed class SessionFrame(Screenshot? source, string hash, ShownSize size)
{
    /// <summary>The screenshot; null where a restored session has only its rows.</summary>
    public Screenshot? Source { get; } = source;

    /// <summary>Its content hash, which tells it from others.</summary>
    public string Hash { get; } = hash;

    /// <summary>Its size to the user and to the model.</summary>
    public ShownSize Size { get; } = size;

    /// <summary>The pixels that the model sees.</summary>
    /// <exception cref="StarKvException">The session was restored, and its file has no pixels.</exception>
    public ModelImage Prepare(SmartResize resize, CancellationToken cancellation) => Source?.ForModel(resize, cancellation)
        ?? throw new StarKvException(
            $"The session was restored from a file, which holds rows and no pixels: an earlier screenshot would have to be read again. "
            + $"Open a session and give it the screenshots.");
}
