using StarKV.Compact;
using StarKV.Decode;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Reports.Inspect;
using StarKV.Runtime;
using StarKV.Tests.Agent;
using StarKV.Tests.Models.OpenCua;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary>A prompt longer than the model's positions was read to its end and answered with nonsense.</summary>
[Collection(MiniModelTests.Name)]
[Trait("outside", "1.56")]
public sealed class LengthBeyondThePositions(MiniModel mini)
{
    private const int Most = 8192;

    private static readonly string s_long = string.Join(' ', Enumerable.Repeat("words", 4200)), s_raw = $"<|im_start|>user\n<|vision_start|>{ChatFormat.Qwen.ImagePad}<|vision_end|>{s_long}<|im_end|>\n";

    private static ManyAnswersOptions Many(int tokens) => new() { Compressions = [Compression.None], Generation = new GenerationOptions { MaxNewTokens = tokens } };

    [Fact]
    public void The_shipped_model_says_8192() => Assert.Equal(Most, mini.Agent.Config.Text.MaxPositions);

    [Fact]
    public void A_prompt_that_is_too_long_is_refused_before_the_picture_is_encoded()
    {
        // A size that nothing else has: the tower remembers tensors of each new size.
        var screen = MiniModel.Tiny(84, 140);
        var tensors = mini.Agent.RememberedTensors;
        var error = Assert.Throws<StarKvException>(() => mini.Agent.Ground(screen, s_long));
        Assert.Equal(tensors, mini.Agent.RememberedTensors);
        Assert.Matches(@"The prompt takes \d{4,5} positions \(\d{4,5} tokens\); the model has 8192 \(max_position_embeddings in config\.json\), for its answer too\. Shorten the instruction", error.Message);

        mini.Agent.Ground(screen, "Click", new GroundingOptions { Generation = new GenerationOptions { MaxNewTokens = 1 } });
        Assert.NotEqual(tensors, mini.Agent.RememberedTensors);
    }

    [Fact]
    public async Task Every_way_to_ask_refuses_it()
    {
        var (agent, screens) = (mini.Agent, new[] { MiniModel.Tiny() });
        var said = Assert.Throws<StarKvException>(() => agent.Ground(screens, s_long)).Message;
        Assert.Equal(said, (await Assert.ThrowsAsync<StarKvException>(() => agent.GroundAsync(screens, s_long))).Message);
        Assert.Equal(said, (await Assert.ThrowsAsync<StarKvException>(async () =>
        {
            await foreach (var _ in agent.StreamAsync(screens, s_long))
                Assert.Fail("Nothing is written.");
        })).Message);
        Assert.Equal(said, Assert.Throws<StarKvException>(() => agent.AnswerMany(screens, s_long, Many(128))).Message);
        Assert.Equal(said, Assert.Throws<StarKvException>(() => agent.Inspect(screens, s_long, new InspectionOptions { Compressions = [Compression.None] })).Message);
        Assert.Contains("the model has 8192", Assert.Throws<StarKvException>(() => agent.GroundRaw(screens, s_raw)).Message, StringComparison.Ordinal);
        Assert.Contains("the model has 8192", Assert.Throws<StarKvException>(() => agent.AnswerMany(
            screens, grids => [new ChatMessage(ChatRole.User, [.. grids.Select(ChatPart.FromMergedGrid), s_long])], Many(128))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_may_use_what_the_prompt_leaves_and_no_token_more()
    {
        var sample = MiniSample.All[0];
        var screens = sample.Screens();
        var prompt = mini.Agent.AnswerMany(screens, sample.Instruction, Many(1)).Prompt;
        var taken = (int)MRopePositions.Compute(prompt).NextPosition;
        var left = Most - taken;
        Assert.Equal(sample.FullAnswer, mini.Agent.AnswerMany(screens, sample.Instruction, Many(left)).Answers[0].OrThrow().Text);

        var error = Assert.Throws<StarKvException>(() => mini.Agent.AnswerMany(screens, sample.Instruction, Many(left + 1)));
        Assert.Equal(
            $"The prompt takes {taken} positions ({prompt.Length} tokens) and its answer may take {left + 1} (max-new-tokens), 8193 together; " +
            "the model has 8192 (max_position_embeddings in config.json). " +
            $"{left} are left for the answer: set max-new-tokens to {left} or less, or shorten the prompt.", error.Message);
    }

    [Fact]
    public void A_screenshot_takes_positions_not_tokens()
    {
        const int Pad = 7;
        var screen4K = TokenMap.OfIds([0, .. Enumerable.Repeat(Pad, 77 * 137), 0], Pad, [new MergedGrid(77, 137)]);
        ContextLength.Check(Most, MRopePositions.Compute(screen4K), Most - 139);
        Assert.Throws<StarKvException>(() => ContextLength.Check(Most, MRopePositions.Compute(screen4K), Most - 138));
        Assert.Throws<StarKvException>(() => ContextLength.Check(Most, MRopePositions.OneDimensional(screen4K)));
    }

    [Fact]
    public void Steps_are_held_to_it_too()
    {
        using var checkpoint = new OpenCuaCheckpoint(config: text => text.Replace("\"max_position_embeddings\": 128000", "\"max_position_embeddings\": 64", StringComparison.Ordinal));
        TorchThread.Run(() =>
        {
            using var model = ModelRegistry.Load(checkpoint.Folder, Compute.Choose("cpu"));
            var runner = new PrefillRunner(model.Text);
            var before = runner.Run(Text(60), [], Compression.None);
            using (var step = runner.Continue(before, Text(64), [], Compression.None))
                Assert.Equal(64, step.Cache.TokensSeen);

            Assert.Contains("takes 65 positions (65 tokens); the model has 64", Assert.Throws<StarKvException>(() => runner.Run(Text(65), [], Compression.None)).Message, StringComparison.Ordinal);
            var again = runner.Run(Text(60), [], Compression.None);
            Assert.Contains("takes 65 positions (65 tokens); the model has 64", Assert.Throws<StarKvException>(() => runner.Continue(again, Text(65), [], Compression.None)).Message, StringComparison.Ordinal);
        });

        static TokenMap Text(int length) => TokenMap.OfIds([.. Enumerable.Range(0, length)], OpenCuaCheckpoint.Ranks + 21, []);
    }
}
