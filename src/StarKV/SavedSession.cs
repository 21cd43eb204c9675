using StarKV.Files;
using StarKV.Input;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Text;
using StarKV.Weights;
using TorchSharp;

namespace StarKV;

/// <summary>Everything that a session's file holds.</summary>
/// <remarks>Rows and memory belong to whoever has it. Not thread-safe: it belongs on the inference thread.</remarks>
/// <param name="Options">How its steps are read and answered.</param>
/// <param name="Style">How the instruction is worded.</param>
/// <param name="Instruction">The task.</param>
/// <param name="Turns">The turns, all answered.</param>
/// <param name="Leaving">Screenshots that leave with the next step.</param>
/// <param name="Rows">What is held; null before the first step.</param>
/// <param name="Memory">What the method remembers.</param>
internal sealed record SavedSession(
    SessionOptions Options, PromptStyle Style, string Instruction, IReadOnlyList<SessionTurn> Turns, IReadOnlySet<SessionFrame> Leaving,
    SessionRows? Rows, LayerMemory Memory)
{
    private const int MaxSide = 1 << 20;

    /// <summary>Writes it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="model">The session's model.</param>
    /// <param name="cancellation">Ends the writing; nothing is left of it.</param>
    /// <exception cref="StarKvException">The file cannot be written, or the memory has no form in a file.</exception>
    public void Write(string path, SessionModel model, CancellationToken cancellation)
    {
        using var scope = torch.NewDisposeScope();
        var states = SavedMemory.Of(Memory, Options.CompressionOf(marksInstruction: true).Method, Rows?.Cache, model);
        var fields = new
        {
            model = model.Identity,
            numbers = $"{model.Compute.DType.ToDType()}",
            options = SavedOptions.Fields(Options),
            prompt = SavedOptions.Fields(Style),
            instruction = Instruction,
            turns = Turns.Select(Turn),
            rows = Rows is null ? null : SavedRows.Fields(Rows),
            memory = SavedMemory.Fields(states),
        };
        SessionFile.Write(path, fields,
        [
            .. Rows is null ? [] : SavedRows.Tensors(Rows, model.Compute, cancellation),
            .. SavedMemory.Tensors(states, cancellation),
        ]);
    }

    /// <summary>Reads a file; nothing is left of one that is refused.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model that is to go on with it.</param>
    /// <param name="options">What the file does not decide.</param>
    /// <param name="cancellation">Ends the reading within one layer.</param>
    /// <exception cref="StarKvException">It is not a session of this model, or damaged.</exception>
    public static SavedSession Read(string path, SessionModel model, RestoreOptions options, CancellationToken cancellation)
    {
        using var file = SessionFile.Open(path);
        var fields = file.Fields;
        file.Checked(() =>
        {
            fields.HasExactly("model", "numbers", "options", "prompt", "instruction", "turns", "rows", "memory");
            return true;
        });
        var numbers = CheckModel(file, model, options);
        var method = SavedOptions.Method(file, options);
        return file.Checked(() =>
        {
            var given = SavedOptions.Read(fields.RequiredObject("options"), method, options.HostBytes);
            var style = SavedOptions.Style(fields.RequiredObject("prompt"));
            var (turns, leaving) = TurnsOf(fields.List("turns"), model.Resize);
            if (given.Before > turns.Count)
                throw new StarKvException($"options.before is {given.Before}, and there are {turns.Count} turns.");
            var session = given.Options with { PastActions = [.. turns.Take(given.Before).Select(t => t.Answer!)] };
            var instruction = fields.RequiredText("instruction");
            if (string.IsNullOrWhiteSpace(instruction))
                throw fields.Bad("instruction", "what is to be done");
            var rows = fields.Object("rows") is { } held
                ? SavedRows.Read(held, file, model, (session.Storage, numbers, method), cancellation)
                : null;
            LayerMemory? memory = null;
            try
            {
                CheckFrames(turns, rows);
                memory = SavedMemory.Read(
                    fields.List("memory"), file, session.CompressionOf(marksInstruction: true).Method, rows?.Cache, model);
                file.CheckAllTaken();
                return new SavedSession(session, style, instruction, turns, leaving, rows, memory);
            }
            catch
            {
                rows?.Dispose();
                memory?.Dispose();
                throw;
            }
        });
    }

    private static DType CheckModel(SessionFile file, SessionModel model, RestoreOptions options)
    {
        var saved = file.Checked(() => (Model: file.Fields.RequiredText("model"), Numbers: file.Fields.RequiredText("numbers")));
        if (saved.Model != model.Identity)
        {
            throw new StarKvException(
                $"{file.FilePath} is the session of another model ({MessageText.Text(saved.Model)}; this one is {model.Identity}). "
                    + $"Load the model that it was saved with.");
        }

        var type = model.Compute.DType.ToDType();
        if (DTypes.Parse(saved.Numbers) is not { } numbers || !numbers.IsFloat() || numbers.IsFloat8())
            throw file.Damaged($"numbers is {MessageText.Name(saved.Numbers)}; F32, F64, BF16 or F16 is expected.");
        if (numbers != type && !options.ConvertNumbers)
        {
            throw new StarKvException(
                $"{file.FilePath} holds rows in {numbers}, and this agent computes in {type}. Load the model in the file's number type, "
                    + $"or say RestoreOptions.ConvertNumbers, which rounds the rows: "
                    + $"answers may then differ from those that the session would have given.");
        }

        return numbers;
    }

    private object Turn(SessionTurn turn) => new
    {
        text = turn.Text,
        answer = turn.Answer,
        left = turn.Left,
        frames = turn.Frames.Select(f => new
        {
            hash = f.Hash,
            width = f.Size.OriginalWidth,
            height = f.Size.OriginalHeight,
            leaving = Leaving.Contains(f),
        }),
    };

    private static (IReadOnlyList<SessionTurn> Turns, HashSet<SessionFrame> Leaving) TurnsOf(
        IReadOnlyList<JsonFields> list, SmartResize resize)
    {
        var (turns, leaving) = (new List<SessionTurn>(list.Count), new HashSet<SessionFrame>());
        foreach (var turn in list)
        {
            turn.HasExactly("text", "answer", "left", "frames");
            var frames = new List<SessionFrame>();
            foreach (var fields in turn.List("frames"))
            {
                fields.HasExactly("hash", "width", "height", "leaving");
                var (width, height) = ((int)fields.RequiredWhole("width", 1, MaxSide), (int)fields.RequiredWhole("height", 1, MaxSide));
                var (wide, high) = resize.Fit(width, height);
                var grid = PatchGrid.FromSize(wide, high, resize.Factor / resize.MergeSize, resize.MergeSize);
                var frame = new SessionFrame(null, fields.RequiredText("hash"), new ShownSize(grid, width, height));
                frames.Add(frame);
                if (fields.RequiredFlag("leaving"))
                    leaving.Add(frame);
            }

            var left = turn.RequiredFlag("left");
            if (left && (frames.Count > 0 || turn.Has("text")))
                throw turn.Bad("left", "false in a turn that shows or says something");
            turns.Add(new SessionTurn(frames, turn.Text("text"), turn.RequiredText("answer")) { Left = left });
        }

        return (turns, leaving);
    }

    /// <summary>The turns' screenshots are those of the rows; a step that was taken back has left rows behind them.</summary>
    private static void CheckFrames(IReadOnlyList<SessionTurn> turns, SessionRows? rows)
    {
        var shown = turns.SelectMany(t => t.Frames).ToList();
        if (shown.Count > (rows?.Frames.Count ?? 0))
            throw new StarKvException($"the turns show {shown.Count} screenshots, and there are rows of {rows?.Frames.Count ?? 0}.");
        for (var i = 0; i < shown.Count; i++)
        {
            var (grid, span) = (shown[i].Size.Grid, rows!.Tokens.Frames[i]);
            if (shown[i].Hash != rows.Frames[i] || (grid.Rows, grid.Columns) != (span.Rows, span.Columns))
                throw new StarKvException($"screenshot {i} of the turns is not the one whose rows there are.");
        }
    }
}
