using StarKV.Budget;
using StarKV.Score;
using StarKV.Text;

namespace StarKV.Tests.Agent;

[Collection(MiniModelTests.Name)]
public sealed class MiniSampleTests(MiniModel mini)
{
    private static readonly GroundingOptions s_full = new() { Method = new Full(), Budget = KvBudget.All };

    public static TheoryData<string> All { get; } = new(MiniSample.All.Select(s => s.Id));

    [Fact]
    public void There_are_twenty_four() => Assert.Equal((24, 15), (MiniSample.All.Count, MiniSample.All.Count(s => s.Images.Length == 1)));

    [Theory]
    [MemberData(nameof(All))]
    public void The_full_cache_gives_the_reference_s_answer(string id)
    {
        var sample = MiniSample.Of(id);
        var answer = mini.Agent.GroundRaw(sample.Screens(), sample.Prompt, s_full);
        Assert.Equal(sample.FullAnswer, answer.Text);
        Assert.Equal(sample.PromptTokens, answer.Kv.PromptTokens);
        Assert.NotNull(answer.Action);
        var text = mini.Agent.Config.Text;
        Assert.Equal(answer.Kv.RowsPerLayer.Sum() * 2L * text.KvHeads * text.HeadDim * 4, answer.Kv.Bytes);
        Assert.Equal(answer.Kv.FullBytes, answer.Kv.Bytes);
        Assert.All(answer.Kept.Frames, f => Assert.All(f, share => Assert.Equal(1, share, 1e-5)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_prompt_builder_makes_the_reference_s_prompt(string id)
    {
        var sample = MiniSample.Of(id);
        var tokenizer = QwenTokenizer.Load(Path.Combine(MiniModel.Folder, "tokenizer.json"));
        var grids = sample.Screens().Select(s => new MergedGrid(s.Height / 28, s.Width / 28)).ToList();
        var built = new PromptBuilder(tokenizer).Build(PromptStyle.Get("mini"), new PromptRequest(sample.Instruction, grids)
        {
            PastActions = sample.PastActions(),
            Position = sample.Position,
        });
        Assert.Equal(sample.PromptTokens, built.Length);
        Assert.Equal(RawPrompt.Encode(tokenizer, sample.Prompt, grids).Ids.ToArray(), built.Ids.ToArray());
    }

    // The prompts are token for token the same, see above; a few samples show that the two ways meet.
    [Theory]
    [InlineData("text_1")]
    [InlineData("read_0")]
    [InlineData("relation_2")]
    public void An_instruction_alone_gives_the_same_answer(string id)
    {
        var sample = MiniSample.Of(id);
        Assert.Equal(sample.FullAnswer, mini.Agent.Ground(sample.Screens()[0], sample.Instruction, s_full).Text);
    }

    [Fact]
    public void In_bfloat16_nearly_every_answer_is_as_right_and_the_cache_takes_half_the_bytes()
    {
        using var agent = GuiAgent.Load(MiniModel.Folder, "cpu", "bfloat16");
        var (full, right) = (0, 0);
        foreach (var sample in MiniSample.All)
        {
            full += sample.FullIsRight ? 1 : 0;
            var answer = agent.GroundRaw(sample.Screens(), sample.Prompt, s_full);
            right += sample.IsRight(answer) ? 1 : 0;
            Assert.Equal(sample.PromptTokens * 2L * agent.Config.Text.Layers * agent.Config.Text.KvHeads * agent.Config.Text.HeadDim * 2, answer.Kv.Bytes);
        }

        Assert.InRange(right, full - 2, 24);
    }

    [Fact]
    public void Every_method_keeps_as_much_in_bfloat16()
    {
        using var agent = GuiAgent.Load(MiniModel.Folder, "cpu", "bfloat16");
        var sample = MiniSample.Of("text_1");
        foreach (var method in Methods.All)
        {
            var options = new GroundingOptions { Method = Methods.Create(method.Name), Budget = KvBudget.Keep(0.40) };
            var (answer, exact) = (agent.GroundRaw(sample.Screens(), sample.Prompt, options), mini.Agent.GroundRaw(sample.Screens(), sample.Prompt, options));
            Assert.Equal(1, exact.Kv.RowsPerLayer.Sum() / (double)answer.Kv.RowsPerLayer.Sum(), 0.02);
            Assert.Equal(2, exact.Kv.Bytes / (double)answer.Kv.Bytes, 0.04);
        }
    }

    [Fact]
    public void A_fifth_of_the_cache_is_right_nearly_as_often()
    {
        var (full, right, kept) = (0, 0, KvBudget.Keep(0.20));
        foreach (var sample in MiniSample.All.Where(s => s.Images.Length == 1))
        {
            full += sample.FullIsRight ? 1 : 0;
            var answer = mini.Agent.Ground(sample.Screens()[0], sample.Instruction, new GroundingOptions { Budget = kept });
            right += sample.IsRight(answer) ? 1 : 0;
            Assert.All(answer.Kv.RowsPerLayer, rows => Assert.Equal(sample.PromptTokens / 5, rows));
            var text = mini.Agent.Config.Text;
            Assert.Equal(answer.Kv.RowsPerLayer.Sum() * 2L * text.KvHeads * text.HeadDim * 4, answer.Kv.Bytes);
        }

        Assert.InRange(full, 12, 15);
        Assert.InRange(right, full - 2, 15);
    }
}
