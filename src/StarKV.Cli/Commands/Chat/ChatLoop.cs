using System.Globalization;
using StarKV.Files;
using StarKV.Input;

namespace StarKV.Cli.Commands.Chat;

/// <summary>Reads lines and does what each asks for, until the input ends or somebody says so.</summary>
/// <remarks>Not thread-safe. A line that cannot be done is a sentence on stderr, and the session is as it was.</remarks>
/// <param name="terminal">Where lines come from and errors go.</param>
/// <param name="interruption">What ends a step or the program.</param>
/// <param name="branches">The sessions.</param>
/// <param name="output">Where results go.</param>
/// <param name="screenshots">Files that are to be shown.</param>
internal sealed class ChatLoop(
    Terminal terminal, Interruption interruption, ChatBranches branches, ChatOutput output, IReadOnlyList<string> screenshots)
{
    private readonly HashSet<string> _read = [.. screenshots];
    private bool _isFailed, _isOver;

    /// <summary>Runs to the end.</summary>
    /// <returns>The exit code: where nobody typed, it tells whether every line was done and every answer had an action.</returns>
    public async Task<int> RunAsync()
    {
        while (!_isOver && await terminal.ReadLineAsync(Prompt, interruption.Token).ConfigureAwait(false) is { } line)
        {
            try
            {
                await Do(ChatLine.Read(line)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!interruption.Token.IsCancellationRequested)
            {
                Fail("the step was interrupted; the session is as it was before.");
            }
            catch (Exception e) when (Refusal.Sentence(e) is { } sentence)
            {
                Fail(sentence);
            }
        }

        return _isFailed && !terminal.IsTyped ? ExitCodes.Failed : ExitCodes.Success;
    }

    private string Prompt
    {
        get
        {
            var forks = branches.Forks == 0 ? "" : $" in fork {branches.Forks}";
            return FormattableString.Invariant($"{branches.Session.Steps + 1}{forks}> ");
        }
    }

    private void Fail(string sentence)
    {
        terminal.Error(sentence);
        _isFailed = true;
    }

    private Task Do(ChatLine line)
    {
        switch (line)
        {
            case ChatLine.Next when terminal.IsTyped && branches.Left == 0:
                output.Say($"Type the path of a screenshot, or /{ChatHelp.Help}.");
                break;
            case ChatLine.Next:
                return Step(branches.Next(), null, isNext: true);
            case ChatLine.Show show:
                return Step(show.Path, show.Words, isNext: false);
            case ChatLine.Say say:
                return Step([], say.Words, isNext: false);
            case ChatLine.Command command:
                Do(command);
                break;
        }

        return Task.CompletedTask;
    }

    private async Task Step(string path, string? words, bool isNext)
    {
        var screen = Screenshot.Load(path);
        _read.Add(path);
        if (isNext)
            output.Say(path);
        await Step([screen], words, isNext).ConfigureAwait(false);
    }

    private async Task Step(IReadOnlyList<Screenshot> screens, string? words, bool isNext)
    {
        var session = branches.Session;
        try
        {
            await interruption.StepAsync(async stop =>
            {
                await foreach (var piece in session.StreamAsync(screens, words, stop).ConfigureAwait(false))
                    output.Piece(piece);
            }).ConfigureAwait(false);
        }
        finally
        {
            output.EndAnswer();
        }

        branches.Stepped(isNext);
        var answer = session.LastAnswer!;
        output.Step(session, answer);
        _isFailed |= answer.Parsed.Reason is not null;
    }

    private void Do(ChatLine.Command command)
    {
        var session = branches.Session;
        switch (command.Name)
        {
            case ChatHelp.Drop:
                session.DropFrame(Index(command.Argument, session.Frames));
                output.Say($"The screenshot leaves with the next step; {Format.Count(session.Frames, "screenshot")} stay.");
                break;
            case ChatHelp.Undo:
                branches.Undo();
                output.Say($"Step {Format.Number(session.Steps + 1)} is taken back.");
                break;
            case ChatHelp.Fork:
                branches.Fork();
                output.Say($"This is fork {Format.Number(branches.Forks)}; /{ChatHelp.Back} leaves it.");
                break;
            case ChatHelp.Back:
                branches.Back();
                output.Say($"The session goes on with step {Format.Number(branches.Session.Steps + 1)}.");
                break;
            case ChatHelp.Save:
                Save(command.Argument);
                break;
            case ChatHelp.Kv:
                output.Kv(session);
                break;
            case ChatHelp.Help:
                output.Help();
                break;
            case ChatHelp.Quit:
                _isOver = true;
                break;
            default:
                throw new StarKvException(
                    $"There is no command /{MessageText.Text(command.Name)}; /{ChatHelp.Help} lists them."
                        + $"{Nearest.Hint($"/{command.Name}", ChatHelp.Commands.Select(c => $"/{c}"))}");
        }
    }

    private void Save(string argument)
    {
        if (argument.Length == 0)
            throw new StarKvException($"/{ChatHelp.Save} lacks the name of a file; write /{ChatHelp.Save} FILE.");
        var path = TypedPath.Read(argument);
        Apart.File(path, "session", "a screenshot that is read", _read);
        branches.Session.Save(path, interruption.Token);
        output.Say($"Saved: {path}");
    }

    /// <summary>The index of a screenshot, of which the oldest is typed as 1 or left out.</summary>
    private static int Index(string argument, int frames)
    {
        var typed = argument.Length == 0 ? "1" : argument;
        return int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= frames
            ? number - 1
            : throw new StarKvException(
                $"There is no screenshot {MessageText.Text(typed)} in the session, which has {frames}, counted from 1, the oldest.");
    }
}
