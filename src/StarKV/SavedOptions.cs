using StarKV.Budget;
using StarKV.Decode;
using StarKV.Files;
using StarKV.Score;
using StarKV.Score.Wrappers;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV;

/// <summary>A session's options and prompt style in its file.</summary>
internal static class SavedOptions
{
    private const int MaxNumber = int.MaxValue;

    /// <summary>Options as they are written.</summary>
    public static object Fields(SessionOptions options) => new
    {
        method = new { name = options.Method.Name, options = options.Method.Options },
        budget = options.Budget.Written,
        storage = Word(options.Storage),
        hostBytes = options.HostBytes,
        protect = new
        {
            system = options.Protect.System,
            instruction = options.Protect.Instruction,
            answers = options.Protect.Answers,
            text = options.Protect.Text,
            boxes = options.Protect.Boxes.Select(b => new double[] { b.Left, b.Top, b.Right, b.Bottom, b.FramesAgo }),
        },
        frameWindow = options.FrameWindow,
        answerWindow = options.AnswerWindow,
        slide = Word(options.Slide),
        position = options.Position is { } position ? Word(position) : null,
        before = options.PastActions.Count,
        chunkTokens = options.ChunkTokens,
        measureTimes = options.MeasureTimes,
        generation = new
        {
            maxNewTokens = options.Generation.MaxNewTokens,
            temperature = options.Generation.Temperature,
            topP = options.Generation.TopP,
            topK = options.Generation.TopK,
            seed = options.Generation.Seed,
            repetitionPenalty = options.Generation.RepetitionPenalty,
            stopStrings = options.Generation.StopStrings,
        },
    };

    /// <summary>A prompt style as it is written: with its text, since that of its name may be another elsewhere.</summary>
    public static object Fields(PromptStyle style) => new
    {
        name = style.Name,
        template = style.Template,
        system = style.SystemMessage,
        position = Word(style.Position),
        actions = style.Actions is { } actions ? Word(actions) : null,
        history = style.History?.Template,
        coordinates = style.Coordinates is { } coordinates ? Word(coordinates) : null,
        steps = style.Steps?.Name,
        endsSentence = style.EndsSentence,
    };

    /// <summary>Reads options.</summary>
    /// <param name="fields">The file's.</param>
    /// <param name="method">The method.</param>
    /// <param name="hostBytes">Most bytes of rows in the host's memory; null for as many as the file says.</param>
    /// <returns>The options without past actions, and how many of those the turns begin with.</returns>
    /// <exception cref="StarKvException">A value is missing or out of its bounds.</exception>
    public static (SessionOptions Options, int Before) Read(JsonFields fields, ICompressionMethod method, long? hostBytes)
    {
        fields.HasExactly(
            "method", "budget", "storage", "hostBytes", "protect", "frameWindow", "answerWindow", "slide", "position", "before",
            "chunkTokens", "measureTimes", "generation");
        var options = new SessionOptions
        {
            Method = method,
            Budget = KvBudget.Parse(fields.RequiredText("budget")),
            Storage = Choice<KvStorage>(fields, "storage"),
            HostBytes = hostBytes ?? fields.RequiredWhole("hostBytes", 0, long.MaxValue),
            Protect = Protect(fields.RequiredObject("protect")),
            FrameWindow = (int?)fields.WholeOrNull("frameWindow", 1, MaxNumber),
            AnswerWindow = (int?)fields.WholeOrNull("answerWindow", 0, MaxNumber),
            Slide = Choice<WindowSlide>(fields, "slide"),
            Position = fields.Has("position") ? Choice<InstructionPosition>(fields, "position") : null,
            ChunkTokens = (int)fields.RequiredWhole("chunkTokens", 1, MaxNumber),
            MeasureTimes = fields.RequiredFlag("measureTimes"),
            Generation = Generation(fields.RequiredObject("generation")),
        };
        return (options.Bounded(), (int)fields.RequiredWhole("before", 0, MaxNumber));
    }

    /// <summary>The method that a file names, or the one that is given for it.</summary>
    /// <exception cref="StarKvException">It is not one of this program's, or another one is given.</exception>
    public static ICompressionMethod Method(SessionFile file, RestoreOptions restore)
    {
        var (name, options) = file.Checked(() =>
        {
            var fields = file.Fields.RequiredObject("options").RequiredObject("method");
            fields.HasExactly("name", "options");
            return (fields.RequiredText("name"), fields.Object("options")?.Texts().ToDictionary(o => o.Name, o => o.Value));
        });
        if (restore.Method is { } given)
        {
            return given.Name == name ? given : throw new StarKvException(
                $"{file.FilePath} was saved with the method {MessageText.Name(name)}, and RestoreOptions.Method is {given.Name}. "
                    + $"Give the one that it was saved with.");
        }

        return options is not null && Methods.All.Any(m => m.Name == name)
            ? file.Checked(() => Methods.Create(name, options))
            : throw new StarKvException(
                $"{file.FilePath} was saved with the method {MessageText.Name(name)}, which is not one that this program makes by itself. "
                    + $"Give it as RestoreOptions.Method.");
    }

    /// <summary>Reads a prompt style.</summary>
    /// <exception cref="StarKvException">A value is missing or not known.</exception>
    public static PromptStyle Style(JsonFields fields)
    {
        fields.HasExactly("name", "template", "system", "position", "actions", "history", "coordinates", "steps", "endsSentence");
        return new PromptStyle(
            fields.RequiredText("name"), fields.RequiredText("template"), fields.Text("system"),
            Choice<InstructionPosition>(fields, "position"))
        {
            Actions = fields.Has("actions") ? Choice<ActionLanguage>(fields, "actions") : null,
            History = fields.Text("history") is { } history ? new OpenCuaHistory(history) : null,
            Coordinates = fields.Has("coordinates") ? Choice<CoordinateConvention>(fields, "coordinates") : null,
            Steps = fields.Text("steps") is { } steps
                ? StepLines.Named(steps) ?? throw fields.Bad("steps", "the name of one of the known histories")
                : null,
            EndsSentence = fields.RequiredFlag("endsSentence"),
        };
    }

    private static ProtectedTokens Protect(JsonFields fields)
    {
        fields.HasExactly("system", "instruction", "answers", "text", "boxes");
        return new ProtectedTokens
        {
            System = fields.RequiredFlag("system"),
            Instruction = fields.RequiredFlag("instruction"),
            Answers = fields.RequiredFlag("answers"),
            Text = fields.RequiredFlag("text"),
            Boxes = [.. fields.NumberRows("boxes", 5).Select(Box)],
        };

        ScreenRegion Box(System.Collections.Immutable.ImmutableArray<double> numbers) =>
            numbers[4] is >= 0 and <= MaxNumber && numbers[4] % 1 == 0
                ? new ScreenRegion(numbers[0], numbers[1], numbers[2], numbers[3]) { FramesAgo = (int)numbers[4] }
                : throw fields.Bad("boxes", "left, top, right, bottom and a whole number of screenshots ago");
    }

    private static GenerationOptions Generation(JsonFields fields)
    {
        fields.HasExactly("maxNewTokens", "temperature", "topP", "topK", "seed", "repetitionPenalty", "stopStrings");
        return new GenerationOptions
        {
            MaxNewTokens = (int)fields.RequiredWhole("maxNewTokens", 1, MaxNumber),
            Temperature = fields.RequiredNumber("temperature"),
            TopP = fields.RequiredNumber("topP"),
            TopK = (int)fields.RequiredWhole("topK", 0, MaxNumber),
            Seed = (int)fields.RequiredWhole("seed", int.MinValue, MaxNumber),
            RepetitionPenalty = fields.Has("repetitionPenalty") ? fields.RequiredNumber("repetitionPenalty") : null,
            StopStrings = fields.TextList("stopStrings"),
        };
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static T Choice<T>(JsonFields fields, string name) where T : struct, Enum
    {
        var (text, words) = (fields.RequiredText(name), Enum.GetValues<T>());
        var chosen = Array.FindIndex(words, w => Word(w) == text);
        return chosen >= 0 ? words[chosen] : throw fields.Bad(name, string.Join(" or ", words.Select(Word)));
    }
}
