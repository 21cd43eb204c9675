namespace StarKV.Cli.Commands.Chat;

/// <summary>The session that is stepped, those that it was forked from, and which of the given screenshots each shows next.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="first">The session that all begins with; taken.</param>
/// <param name="screenshots">Files that are shown one after the other.</param>
internal sealed class ChatBranches(GuiSession first, IReadOnlyList<string> screenshots) : IDisposable
{
    private readonly Stack<Branch> _branches = new([new Branch(first, 0, [])]);

    /// <summary>A session, the number of given screenshots that it has shown, and that number before each of its steps.</summary>
    private sealed record Branch(GuiSession Session, int Shown, IReadOnlyList<int> Before);

    /// <summary>The session that is stepped.</summary>
    public GuiSession Session => _branches.Peek().Session;

    /// <summary>Forks that can be left.</summary>
    public int Forks => _branches.Count - 1;

    /// <summary>Given screenshots that the session has not shown.</summary>
    public int Left => screenshots.Count - _branches.Peek().Shown;

    /// <summary>The next given screenshot.</summary>
    /// <exception cref="StarKvException">There is none.</exception>
    public string Next() => Left > 0
        ? screenshots[^Left]
        : throw new StarKvException(screenshots.Count == 0
            ? $"There is no next screenshot, since none were given with --images; type the path of one."
            : $"There is no next screenshot after {Format.Count(screenshots.Count, "screenshot")} of --images; type a path.");

    /// <summary>Notes a step.</summary>
    /// <param name="isNext">Whether it showed the next given screenshot.</param>
    public void Stepped(bool isNext) =>
        Change(b => b with { Shown = b.Shown + (isNext ? 1 : 0), Before = [.. b.Before, b.Shown] });

    /// <summary>Takes the last step back; a given screenshot that it showed is the next one again.</summary>
    /// <exception cref="StarKvException">There is no step that can be taken back.</exception>
    public void Undo()
    {
        Session.Rollback();
        Change(b => b with { Shown = b.Before[^1], Before = [.. b.Before.SkipLast(1)] });
    }

    /// <summary>Goes on in a fork.</summary>
    public void Fork() => _branches.Push(_branches.Peek() with { Session = Session.Fork() });

    /// <summary>Leaves the fork for what it was forked from.</summary>
    /// <exception cref="StarKvException">There is no fork.</exception>
    public void Back()
    {
        if (Forks == 0)
            throw new StarKvException($"There is no fork to leave; /fork makes one.");
        _branches.Pop().Session.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var branch in _branches)
            branch.Session.Dispose();
    }

    private void Change(Func<Branch, Branch> change) => _branches.Push(change(_branches.Pop()));
}
