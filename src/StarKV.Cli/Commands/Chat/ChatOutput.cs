using StarKV.Act;
using StarKV.Runtime;

namespace StarKV.Cli.Commands.Chat;

/// <summary>What a chat shows: to people, or as a line of JSON for each step.</summary>
/// <param name="terminal">Where it goes.</param>
/// <param name="isJson">Whether steps are lines of JSON; everything else is said on stderr then.</param>
/// <param name="compute">The device and number type.</param>
internal sealed class ChatOutput(Terminal terminal, bool isJson, Compute compute)
{
    private bool _isInLine;

    /// <summary>Shows a piece of the answer that is being written.</summary>
    public void Piece(string piece)
    {
        if (isJson)
            return;
        terminal.WritePiece(piece);
        _isInLine = true;
    }

    /// <summary>Ends the line of an answer, also of one that was not finished.</summary>
    public void EndAnswer()
    {
        if (_isInLine)
            terminal.WriteLine($"");
        _isInLine = false;
    }

    /// <summary>Shows a finished step, whose text has been shown.</summary>
    public void Step(GuiSession session, GroundingAnswer answer)
    {
        if (isJson)
        {
            terminal.WriteJsonLine(AnswerJson.Of(session, answer, compute));
            return;
        }

        var (step, held) = (answer.Session!, session.Kv);
        var grid = Tables.Values();
        grid.Row("action", answer.Action?.ToString(answer.Coordinates) ?? $"none ({answer.Parsed.Reason})");
        grid.Row("read", $"{Format.Number(step.TokensRead)} of {Format.Number(step.Tokens)} tokens");
        grid.Row("kept", $"{Format.Number(answer.Kv.KeptTokens)} of {Format.Number(step.Tokens)} rows, {Format.Bytes(answer.Kv.Bytes)}");
        grid.Row("held", $"{Format.Bytes(held.DeviceBytes)} on the device, {Format.Bytes(held.HostBytes)} on the host");
        grid.Row("time", Format.Milliseconds(answer.Times.Total));
        foreach (var diagnostic in answer.Parsed.Diagnostics)
            grid.Row(diagnostic.Severity is DiagnosticSeverity.Error ? "error" : "note", diagnostic.Message);
        foreach (var note in step.Notes)
            grid.Row("note", note);
        terminal.Write(grid);
    }

    /// <summary>Shows what a session holds.</summary>
    public void Kv(GuiSession session)
    {
        var kv = session.Kv;
        if (isJson)
        {
            terminal.WriteJsonLine(ChatKv.Json(kv));
            return;
        }

        if (kv.Kept is { } kept)
            terminal.Write(ChatKv.Table(kept));
        terminal.WriteLine(
            $"{Format.Number(kv.Tokens)} tokens are known; {Format.Count(session.Steps, "step")} and " +
                $"{Format.Count(session.Frames, "screenshot")} in the conversation; {Format.Bytes(kv.DeviceBytes)} on the device, " +
                $"{Format.Bytes(kv.HostBytes)} on the host, {Format.Bytes(kv.FullBytes)} in full.");
    }

    /// <summary>Says what a command did.</summary>
    public void Say(string sentence)
    {
        if (isJson)
            terminal.Note(sentence);
        else
            terminal.WriteLine($"{sentence}");
    }

    /// <summary>Shows the commands.</summary>
    public void Help()
    {
        var grid = Tables.Values();
        foreach (var (typed, meaning) in ChatHelp.Lines)
        {
            grid.Row(typed, meaning);
            if (isJson)
                terminal.Note($"{typed}: {meaning}");
        }

        if (!isJson)
            terminal.Write(grid);
    }
}
