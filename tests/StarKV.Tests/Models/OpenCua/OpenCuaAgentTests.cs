using StarKV.Budget;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Score;
using StarKV.Tests.Agent;
using StarKV.Text;

namespace StarKV.Tests.Models.OpenCua;

/// <summary>A random OpenCUA checkpoint, loaded once.</summary>
public sealed class OpenCuaAgent : IDisposable
{
    private readonly OpenCuaCheckpoint _checkpoint = new();

    public OpenCuaAgent() => Agent = GuiAgent.Load(_checkpoint.Folder, "cpu");

    public GuiAgent Agent { get; }

    public void Dispose()
    {
        Agent.Dispose();
        _checkpoint.Dispose();
    }
}

/// <summary>An OpenCUA folder through the agent: every method, its own prompt and parser, and what is wrong with a folder.</summary>
public sealed class OpenCuaAgentTests(OpenCuaAgent open) : IClassFixture<OpenCuaAgent>
{
    private static readonly List<Screenshot> s_screens = [MiniModel.Tiny(84, 112), MiniModel.Tiny(112, 84)];
    private static readonly GenerationOptions s_short = new() { MaxNewTokens = 6 };

    public static TheoryData<string> EveryMethod { get; } = new(Methods.All.Select(m => m.Name));

    private GroundingAnswer Ask(GroundingOptions options) => open.Agent.Ground(s_screens, "Open the settings", options with { Generation = s_short });

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void A_method_keeps_its_share_and_all_of_the_cache_gives_the_full_answer(string name)
    {
        var full = Ask(new GroundingOptions { Method = new Full() });
        var length = full.Kv.PromptTokens;
        Assert.Equal(6, full.Tokens.Count);
        Assert.Equal(24, full.Kept.Frames.Sum(f => f.Count));
        Assert.Equal(full.Tokens, Ask(new GroundingOptions { Method = Methods.Create(name), Budget = KvBudget.All }).Tokens);

        var method = Methods.Create(name);
        var answer = Ask(new GroundingOptions { Method = method, Budget = KvBudget.Keep(0.4) });
        var (capacity, layers) = (KvBudget.Keep(0.4).Capacity(length), OpenCuaCheckpoint.Layers);
        Assert.Equal((length, layers), (answer.Kv.PromptTokens, answer.Kv.RowsPerLayer.Count));
        if (name == "full")
            Assert.All(answer.Kv.RowsPerLayer, rows => Assert.Equal(length, rows));
        else if (method.LayerBudget is UniformBudget)
            Assert.All(answer.Kv.RowsPerLayer, rows => Assert.Equal(capacity, rows));
        else
            Assert.InRange(answer.Kv.RowsPerLayer.Sum(), layers, layers * capacity + layers * (layers - 1) / 2);
        Assert.Equal(answer.Kv.RowsPerLayer.Sum() * 2L * OpenCuaCheckpoint.KvHeads * OpenCuaCheckpoint.HeadDim * sizeof(float), answer.Kv.Bytes);
        Assert.Equal(6, answer.Tokens.Count);
    }

    [Fact]
    public void Different_screens_give_different_answers() => Assert.NotEqual(
        open.Agent.Ground([MiniModel.Tiny(84, 84)], "Open", new GroundingOptions { Generation = s_short }).Tokens,
        open.Agent.Ground([MiniModel.Tiny(112, 112)], "Open", new GroundingOptions { Generation = s_short }).Tokens);

    [Fact]
    public void The_prompt_and_the_parser_are_OpenCUA_s_own()
    {
        Assert.Equal(("opencua.grounding", ActionLanguage.OpenCua), (open.Agent.DefaultPrompt.Name, open.Agent.DefaultPrompt.Actions));
        // Random weights write no action; which parser says so depends on the style, and on the model for a style that asks for no form.
        Assert.Contains("pyautogui", Said(null), StringComparison.Ordinal);
        Assert.Contains("pyautogui", Said("qwen"), StringComparison.Ordinal);
        Assert.Contains("pyautogui", Said("opencua.l3"), StringComparison.Ordinal);
        Assert.DoesNotContain("pyautogui", Said("uitars.grounding"), StringComparison.Ordinal);

        string Said(string? style) => Ask(new GroundingOptions { Prompt = style is null ? null : PromptStyle.Get(style) }).Parsed.Diagnostics[^1].Message;
    }

    [Fact]
    public void A_written_out_prompt_gives_the_same_answer()
    {
        var style = PromptStyle.Get("opencua.grounding");
        var request = new PromptRequest("Open the settings", [new(4, 3), new(3, 4)]);
        var text = ChatTemplate.Render(PromptBuilder.Messages(style, request), format: ChatFormat.OpenCua);
        var raw = open.Agent.GroundRaw(s_screens, text, new GroundingOptions { Generation = s_short });
        var built = Ask(new GroundingOptions());
        Assert.Equal(built.Kv.PromptTokens, raw.Kv.PromptTokens);
        Assert.Equal(built.Tokens, raw.Tokens);
    }

    // The file names [EOS] only; the end of the turn ends the answer as well.
    [Theory]
    [InlineData("[EOS]", 1)]
    [InlineData("<|im_end|>", 2)]
    public void The_end_of_the_text_and_the_end_of_the_turn_end_an_answer(string token, int at)
    {
        // One row of the head stands out, and all others are zero: with one of its signs it is the likeliest from the first token on.
        var finished = new[] { 1f, -1f }.Select(sign =>
        {
            using var checkpoint = new OpenCuaCheckpoint(tensors =>
            {
                var head = tensors["language_model.lm_head.weight"].Values;
                Array.Clear(head);
                head.AsSpan((OpenCuaCheckpoint.Ranks + at) * OpenCuaCheckpoint.Hidden, OpenCuaCheckpoint.Hidden).Fill(sign);
            });
            using var agent = GuiAgent.Load(checkpoint.Folder, "cpu");
            var answer = agent.Ground(s_screens, "Open", new GroundingOptions { Method = new Full(), Generation = s_short });
            return (answer.Finish, answer.Tokens.Count);
        });
        Assert.True(finished.Contains((FinishReason.Stop, 0)), token);
    }

    [Fact]
    public void A_weight_of_another_name_or_shape_is_named()
    {
        Refused(tensors => Rename(tensors, "language_model.lm_head.weight", "head.weight"), "no tensor 'lm_head.weight'", "incomplete");
        Refused(tensors => Rename(tensors, "vision_tower.blocks.1.attn.qkv.bias", "vision.blocks.1.attn.qkv.bias"), "no tensor 'model.visual.blocks.1.attn.qkv.bias'");
        Refused(
            tensors => tensors["language_model.model.layers.2.self_attn.o_proj.weight"] = ([32, 16], new float[32 * 16]),
            "tensor 'language_model.model.layers.2.self_attn.o_proj.weight' has shape [32, 16], but config.json asks for [32, 32]");

        static void Rename(Dictionary<string, (long[] Shape, float[] Values)> tensors, string old, string name)
        {
            tensors.Remove(old, out var tensor);
            tensors.Add(name, tensor);
        }
    }

    private static void Refused(Action<Dictionary<string, (long[] Shape, float[] Values)>> edit, params string[] said)
    {
        using var checkpoint = new OpenCuaCheckpoint(edit);
        var error = Assert.Throws<StarKvException>(() => GuiAgent.Load(checkpoint.Folder, "cpu"));
        Assert.All(said, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tiktoken.model", null, "tokenizer.json")]
    [InlineData("tokenizer_config.json", null, "tokenizer_config.json, which names the added tokens of tiktoken.model")]
    [InlineData("tokenizer_config.json", "<|im_middle|>", "has no token <|im_middle|>")]
    [InlineData("model.safetensors.index.json", null, "has no weights")]
    public void A_folder_without_a_file_or_a_marker_is_refused(string file, string? marker, string said)
    {
        using var checkpoint = new OpenCuaCheckpoint();
        var path = Path.Combine(checkpoint.Folder, file);
        if (marker is null)
            File.Delete(path);
        else
            File.WriteAllText(path, File.ReadAllText(path).Replace(marker[2..^2], "other", StringComparison.Ordinal));
        var error = Assert.Throws<StarKvException>(() => GuiAgent.Load(checkpoint.Folder, "cpu"));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }
}
