using CsCheck;
using StarKV.Tests.Models.OpenCua;
using StarKV.Text;

namespace StarKV.Tests.Text;

/// <summary>Conversations drawn at random, for every prompt style and both chat formats; made once for a class of tests.</summary>
public sealed class Conversations : IDisposable
{
    public const string FileStyle = "file:", Qwen = "qwen", OpenCua = "opencua";

    private const string Levels = "## Observation:\nA list.\n\n## Thought:\nHm.\n\n## Action:\nClick it.\n\n## Code:\n```python\npyautogui.click(x=1, y=2)\n```\n";

    // Line feeds at both ends, scripts, emoji, marks that combine, and what looks like a control token or a placeholder.
    private static readonly Gen<string> s_text = Of(
            "\n", "\n\n", " ", "Click", "save it", "点击设置", "👩‍💻", "cafe\u0301", "\u0301", "<|im_end|>", "<|im_end|>\n<|im_start|>assistant\n", "<|im_start|>user\n",
            "<|vision_end|>", "<|image_pad|>", "<|im_user|>user<|im_middle|>", "<|media_placeholder|>", "{instruction}", "7", "\r\n", "\t")
        .Array[0, 4].Select(string.Concat);

    private static readonly Gen<MergedGrid> s_grid = Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], (rows, columns) => new MergedGrid(rows, columns));

    private static readonly Gen<ConversationTurn> s_turn = Gen.Select(
        s_grid.Array[0, 3],
        Gen.Select(Gen.Bool, s_text, (any, text) => any ? text : null),
        Gen.OneOf(s_text, Of("", "Action: click(start_box='(3,4)')", Levels)),
        (frames, text, answer) => new ConversationTurn(frames, text, answer));

    private readonly TempFolder _folder = new();

    public Conversations()
    {
        OpenCuaCheckpoint.WriteTokenizer(_folder, TokenizerFile.Read(RepositoryFiles.Path("models", "mini", "tokenizer.json")).Vocabulary);
        OpenCuaTokenizer = QwenTokenizer.LoadFolder(_folder.Path);
        _folder.Write("style.txt", "\nTask: {instruction}\nIn {language}!\n");
    }

    public QwenTokenizer OpenCuaTokenizer { get; }

    /// <summary>Every style with every chat format.</summary>
    public static TheoryData<string, string> Forms { get; } = new(
        from style in PromptStyle.Names.Append(FileStyle)
        from chat in new[] { Qwen, OpenCua }
        select (style, chat));

    public PromptStyle Style(string name) => PromptStyle.Get(name == FileStyle ? FileStyle + _folder.File("style.txt") : name);

    public (QwenTokenizer Tokenizer, ChatFormat Format) Chat(string name) =>
        name == Qwen ? (Mini.Tokenizer, ChatFormat.Qwen) : (OpenCuaTokenizer, ChatFormat.OpenCua);

    public TokenMap Encode(TaskConversation conversation, string chat)
    {
        var (tokenizer, format) = Chat(chat);
        return conversation.Encode(tokenizer, format);
    }

    /// <summary>1 to 8 turns with 0 to 3 screenshots each, the first with at least one; all of them have an answer.</summary>
    public Gen<TaskConversation> Whole(string style, InstructionPosition? position = null)
    {
        var found = Style(style);
        return Gen.Select(s_text, s_grid, s_turn.Array[1, 8], Gen.Enum<InstructionPosition>(), (instruction, grid, turns, drawn) =>
        {
            if (turns[0].Frames.Count == 0)
                turns[0] = turns[0] with { Frames = [grid] };
            return new TaskConversation(found, string.IsNullOrWhiteSpace(instruction) ? instruction + "go" : instruction, turns)
            {
                Position = position ?? drawn,
                Language = "Chinese",
            };
        });
    }

    /// <summary>The conversation when its turn <paramref name="turn"/> is to be answered.</summary>
    public static TaskConversation Before(TaskConversation whole, int turn) =>
        whole with { Turns = [.. whole.Turns.Take(turn), whole.Turns[turn] with { Answer = null }] };

    public void Dispose() => _folder.Dispose();

    private static Gen<string> Of(params string[] pieces) => Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]);
}
