using System.Collections.Frozen;
using System.Text;
using StarKV.Files;

namespace StarKV.Text;

/// <summary>How an instruction is put to a model: the text around it, the system message, its place.</summary>
/// <param name="Name">The style's key, such as <c>uitars.computer</c>.</param>
/// <param name="Template">Text with the placeholder {instruction} and optionally {language} and others.</param>
/// <param name="SystemMessage">A custom system message; null takes the chat template's.</param>
/// <param name="Position">Where the text stands when the request does not say.</param>
public sealed record PromptStyle(string Name, string Template, string? SystemMessage, InstructionPosition Position)
{
    private const string FilePrefix = "file:";

    // Sources and licences of the texts: Text/Prompts/README.md.
    private static readonly FrozenDictionary<string, Func<PromptStyle>> s_styles = new Dictionary<string, Func<PromptStyle>>
    {
        ["gui-owl.computer"] = () => Qwen3VlStyles.GuiOwl("computer"),
        ["gui-owl.grounding"] = () => Qwen3VlStyles.GuiOwlGrounding(mayRefuse: false),
        ["gui-owl.mobile"] = () => Qwen3VlStyles.GuiOwl("mobile"),
        ["gui-owl.refusal"] = () => Qwen3VlStyles.GuiOwlGrounding(mayRefuse: true),
        ["mini"] = () => new("mini", "{instruction}", "You are a GUI agent.", InstructionPosition.Last),
        ["opencua.grounding"] = () => OpenCua("grounding", null),
        ["opencua.l1"] = () => OpenCua("l1", "action"),
        ["opencua.l1_short"] = () => OpenCua("l1_short", "action"),
        ["opencua.l2"] = () => OpenCua("l2", "thought"),
        ["opencua.l2_short"] = () => OpenCua("l2_short", "thought"),
        ["opencua.l3"] = () => OpenCua("l3", "observation"),
        ["opencua.l3_short"] = () => OpenCua("l3_short", "observation"),
        ["qwen"] = () => new("qwen", "{instruction}", null, InstructionPosition.Last),
        ["qwen3vl.computer"] = () => Qwen3VlStyles.Qwen3Vl("computer"),
        ["qwen3vl.mobile"] = () => Qwen3VlStyles.Qwen3Vl("mobile"),
        ["ui-venus.grounding"] = () => Qwen3VlStyles.UiVenusGrounding(mayRefuse: false),
        ["ui-venus.mobile"] = () => Qwen3VlStyles.UiVenus("mobile"),
        ["ui-venus.refusal"] = () => Qwen3VlStyles.UiVenusGrounding(mayRefuse: true),
        ["ui-venus.web"] = () => Qwen3VlStyles.UiVenus("web"),
        ["uitars.computer"] = () => UiTars("uitars.computer", InstructionPosition.First),
        ["uitars.mobile"] = () => UiTars("uitars.mobile", InstructionPosition.First),
        ["uitars.grounding"] = () => UiTars("uitars.grounding", InstructionPosition.Last),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <value>The form of the actions that the style asks for; null (default) for that of the model's family.</value>
    public ActionLanguage? Actions { get; init; }

    /// <value>What the numbers count that the style asks for; null (default) for what those of the model's family do.</value>
    public CoordinateConvention? Coordinates { get; init; }

    /// <value>How an earlier answer is shown again; null (default) for word by word.</value>
    internal OpenCuaHistory? History { get; init; }

    /// <value>How steps that show nothing any more stand in the text; null (default) for as messages of the model.</value>
    internal StepLines? Steps { get; init; }

    /// <value>Whether the text goes on with a full stop, so that one at the instruction's end is left out; default false.</value>
    internal bool EndsSentence { get; init; }

    /// <value>The names that <see cref="Get"/> knows, in alphabetical order; <c>file:PATH</c> comes on top.</value>
    public static IReadOnlyList<string> Names { get; } = [.. s_styles.Keys.Order(StringComparer.Ordinal)];

    /// <summary>How answers are laid out.</summary>
    /// <param name="family">The form of the actions where the style asks for none.</param>
    public AnswerStyle Answers(ActionLanguage family) => new(
        Actions ?? family, History is not null || Asks("Thought:") || Asks("<think>") || Asks("1) Action:"))
    {
        Coordinates = Coordinates,
        Tool = Asks("\"name\": \"mobile_use\"") ? "mobile_use" : Asks("\"name\": \"computer_use\"") ? "computer_use" : null,
    };

    private bool Asks(string words) =>
        Template.Contains(words, StringComparison.Ordinal) || SystemMessage?.Contains(words, StringComparison.Ordinal) == true;

    /// <summary>Finds a style.</summary>
    /// <param name="name">
    /// One of <see cref="Names"/>, <c>uitars</c> for <c>uitars.computer</c>, or <c>file:PATH</c>: a UTF-8 text with the
    /// placeholder {instruction}, taken byte for byte, after the last screenshot and under the default system message.
    /// </param>
    /// <exception cref="StarKvException">There is no such style or file, or the file lacks the placeholder.</exception>
    public static PromptStyle Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.StartsWith(FilePrefix, StringComparison.OrdinalIgnoreCase))
            return OfFile(name[FilePrefix.Length..]);
        return s_styles.TryGetValue(name.Equals("uitars", StringComparison.OrdinalIgnoreCase) ? "uitars.computer" : name, out var make)
            ? make()
            : throw new StarKvException(
                $"There is no prompt style \"{name}\"; known are {string.Join(", ", Names)} "
                    + $"and {FilePrefix}PATH.{Nearest.Hint(name, Names)}");
    }

    /// <summary>
    /// The style's text for a request: every {name} that has a value is
    /// replaced, in one pass, all else stays. The first instruction is marked.
    /// </summary>
    public TextPart Fill(PromptRequest request) => Fill(request.Instruction, request.Language, request.Values);

    /// <summary>What the model's turn contains for its answer of step <paramref name="step"/>, counted from 1.</summary>
    internal string PastAnswer(int step, string answer) => History?.Write(step, answer) ?? answer;

    /// <summary>The style's text for an instruction, as <see cref="Fill(PromptRequest)"/> gives it.</summary>
    internal TextPart Fill(string instruction, string language, IReadOnlyDictionary<string, string> others)
    {
        if (EndsSentence && instruction is [_, .., '.'])
            instruction = instruction[..^1];
        (int Start, int End)? marked = null;
        var values = new Dictionary<string, string>(others)
        {
            ["instruction"] = instruction,
            ["language"] = language,
        };
        var text = new StringBuilder();
        var rest = Template.AsSpan();
        while (rest.IndexOf('{') is var open and >= 0)
        {
            text.Append(rest[..open]);
            rest = rest[open..];
            var close = rest.IndexOf('}');
            if (close > 0 && values.TryGetValue(rest[1..close].ToString(), out var value))
            {
                if (rest[1..close] is "instruction")
                    marked ??= (text.Length, text.Length + value.Length);
                text.Append(value);
                rest = rest[(close + 1)..];
            }
            else
            {
                text.Append('{');
                rest = rest[1..];
            }
        }

        return new TextPart(text.Append(rest).ToString()) { Instruction = marked, HasBoxMarks = BoxMarks.AreIn(Template) };
    }

    private static PromptStyle UiTars(string name, InstructionPosition position) =>
        new(name, PromptTexts.Get(name), null, position) { Actions = ActionLanguage.UiTars };

    // Grounding asks with the bare instruction and has no history; a level shows earlier steps by one of the history texts.
    private static PromptStyle OpenCua(string level, string? history) =>
        new(
            $"opencua.{level}",
            history is null ? "{instruction}" : PromptTexts.Get("opencua.instruction"),
            PromptTexts.Get($"opencua.{level}.system"),
            InstructionPosition.Last)
        {
            Actions = ActionLanguage.OpenCua,
            History = history is null ? null : new OpenCuaHistory(PromptTexts.Get($"opencua.history.{history}")),
        };

    private static PromptStyle OfFile(string path)
    {
        var template = PlainFile.ReadAllText(path);
        return template.Contains("{instruction}", StringComparison.Ordinal)
            ? new PromptStyle(FilePrefix + path, template, null, InstructionPosition.Last)
            : throw new StarKvException($"The prompt style {path} lacks the placeholder {{instruction}}; put it where the task belongs.");
    }
}
