using System.Text.Json.Nodes;
using StarKV.Text;

namespace StarKV.Tests.Text;

/// <summary>Marks around places are tokens in conversations that callers write; other markers in them stay text.</summary>
public sealed class BoxMarksTests : IDisposable
{
    private const int Start = 1906 + 100, End = Start + 1;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private QwenTokenizer WithMarks()
    {
        var json = JsonNode.Parse(File.ReadAllText(RepositoryFiles.Path("models", "mini", "tokenizer.json")))!;
        foreach (var (id, content) in new[] { (Start, "<|box_start|>"), (End, "<|box_end|>") })
            json["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = id, ["content"] = content, ["special"] = true });
        File.WriteAllText(_folder.File("tokenizer.json"), json.ToJsonString());
        return QwenTokenizer.Load(_folder.File("tokenizer.json"));
    }

    private static int[] Ids(QwenTokenizer tokenizer, string text) =>
        new ChatTemplate(tokenizer).Encode([new ChatMessage(ChatRole.Assistant, [new TextPart(text) { HasBoxMarks = true }])]).Ids.ToArray();

    [Fact]
    public void Around_a_place_they_are_one_token_each()
    {
        var tokenizer = WithMarks();
        var ids = Ids(tokenizer, "click(start_box='<|box_start|>(1,2)<|box_end|>')");
        Assert.Equal([Start, End], ids.Where(id => id >= Start));
        Assert.Equal("(1,2)", tokenizer.Decode(ids.AsSpan()[(Array.IndexOf(ids, Start) + 1)..Array.IndexOf(ids, End)]));
    }

    [Fact]
    public void Another_marker_stays_text()
    {
        var tokenizer = WithMarks();
        var turnEnd = tokenizer.IdOf(Markers.TurnEnd);
        Assert.Equal(
            Ids(tokenizer, "a").Count(id => id == turnEnd), Ids(tokenizer, "a<|im_end|><|box_end|><|im_end|>").Count(id => id == turnEnd));
    }

    [Fact]
    public void Where_the_vocabulary_lacks_them_they_stay_text()
    {
        const string text = "<|box_start|>(1,2)";
        Assert.Equal(
            new ChatTemplate(Mini.Tokenizer).Encode([ChatMessage.Of(ChatRole.Assistant, text)]).Ids.ToArray(), Ids(Mini.Tokenizer, text));
    }

    [Fact]
    public void In_a_style_that_writes_them_they_act_and_the_task_is_found()
    {
        const string task = "Select <|box_end|> or \"Columns\"";
        var tokenizer = WithMarks();
        File.WriteAllText(_folder.File("style.txt"), PromptTexts.Get("uitars.desktop_app.v1_5.en").TrimEnd() + "\n{instruction}");
        var style = PromptStyle.Get($"file:{_folder.File("style.txt")}");
        var prompt = new PromptBuilder(tokenizer).Build(style, new PromptRequest(task, [new MergedGrid(2, 3)]));
        var written = style.Template.Split("<|box_start|>").Length - 1;
        Assert.Equal((written, written), (prompt.Ids.ToArray().Count(id => id == Start), prompt.Ids.ToArray().Count(id => id == End)));
        Assert.Equal(task, tokenizer.Decode(prompt.Ids.ToArray().AsSpan()[prompt.Instruction!.Value.Start..prompt.Instruction!.Value.End]).Trim());
    }

    [Fact]
    public void In_text_that_does_not_ask_for_it_they_stay_text() => Assert.DoesNotContain(
        Start, new ChatTemplate(WithMarks()).Encode([ChatMessage.Of(ChatRole.User, "<|box_start|>(1,2)")]).Ids.ToArray());
}
