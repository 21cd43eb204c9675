using StarKV.Decode;
using StarKV.Input;
using StarKV.Observe;
using StarKV.Reports.Overlays;
using StarKV.Score;
using StarKV.Text;

namespace StarKV.Tests.Agent;

[Collection(MiniModelTests.Name)]
public sealed class GuiAgentTests(MiniModel mini)
{
    private static readonly GroundingOptions s_short = new() { Generation = new GenerationOptions { MaxNewTokens = 4 } };
    private static readonly MiniSample s_sample = MiniSample.All[0];

    [Fact]
    public void Two_hundred_answers_leave_no_tensor_behind()
    {
        var screen = MiniModel.Tiny();
        Answer(20);
        var tensors = mini.Agent.LiveTensors;
        Answer(200);
        Assert.Equal(tensors, mini.Agent.LiveTensors);
        // Resident memory depends on when the runtime collects; starkv-bench answers measures it.

        void Answer(int count)
        {
            for (var i = 0; i < count; i++)
                mini.Agent.Ground(screen, "Click \"Mask\"", s_short);
        }
    }

    [Fact]
    public void A_session_s_memory_raises_the_prior_and_a_fresh_one_does_not()
    {
        var options = new StarKv(StarKvOptions.Session with { PriorWarmup = 1, PriorRamp = 1, PriorStrength = 1 });
        var method = new Watched(options);
        using var memory = new LayerMemory();
        for (var i = 0; i < 3; i++)
            mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short with { Method = method, Memory = memory });
        var layers = mini.Agent.Config.Text.Layers;
        Assert.Equal([0.0, 1, 1], method.Lambdas.Chunk(layers).Select(l => l.Distinct().Single()));

        method.Lambdas.Clear();
        for (var i = 0; i < 2; i++)
            mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short with { Method = method });
        Assert.All(method.Lambdas, l => Assert.Equal(0, l));
    }

    [Fact]
    public async Task Streamed_pieces_together_are_the_text()
    {
        var screens = s_sample.Screens();
        var pieces = new List<string>();
        await foreach (var piece in mini.Agent.StreamAsync(screens, s_sample.Instruction))
            pieces.Add(piece);
        var answer = mini.Agent.Ground(screens, s_sample.Instruction);
        Assert.Equal(answer.Text, string.Concat(pieces));
        Assert.True(pieces.Count > 3);
    }

    [Fact]
    public async Task Cancelling_ends_the_answer_within_one_token()
    {
        var screens = s_sample.Screens();
        using var stop = new CancellationTokenSource();
        var pieces = 0;
        var live = mini.Agent.LiveTensors;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mini.Agent.GroundAsync(screens, s_sample.Instruction, null, _ =>
        {
            pieces++;
            stop.Cancel();
        }, stop.Token));
        Assert.Equal(1, pieces);
        Assert.Equal(live, mini.Agent.LiveTensors);
        Assert.Equal(s_sample.FullAnswer, mini.Agent.Ground(screens, s_sample.Instruction, new GroundingOptions { Method = new Full() }).Text);
    }

    [Fact]
    public async Task Leaving_a_stream_early_ends_the_answer()
    {
        await foreach (var piece in mini.Agent.StreamAsync(s_sample.Screens(), s_sample.Instruction))
        {
            Assert.NotEmpty(piece);
            break;
        }

        Assert.Equal(4, mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short).Tokens.Count);
    }

    [Fact]
    public async Task What_is_cancelled_before_it_begins_is_not_answered()
    {
        var error = await Record.ExceptionAsync(() => mini.Agent.GroundAsync([MiniModel.Tiny()], "Click", s_short, null, new CancellationToken(true)));
        Assert.IsType<OperationCanceledException>(error, exactMatch: false);
    }

    [Fact]
    public void The_longest_answer_is_kept_to()
    {
        var answer = mini.Agent.Ground(s_sample.Screens(), s_sample.Instruction, s_short);
        Assert.Equal((4, FinishReason.Length), (answer.Tokens.Count, answer.Finish));
    }

    [Fact]
    public void A_stop_string_ends_the_answer()
    {
        var answer = mini.Agent.Ground(s_sample.Screens(), s_sample.Instruction, new GroundingOptions { Method = new Full(), Generation = new GenerationOptions { StopStrings = ["(start"] } });
        Assert.Equal(("Action: click", FinishReason.Stop), (answer.Text, answer.Finish));
    }

    [Fact]
    public void The_point_lies_on_the_last_screenshot_in_its_own_pixels()
    {
        var answer = mini.Agent.Ground(s_sample.Screens(), s_sample.Instruction, new GroundingOptions { Method = new Full() });
        Assert.Equal(s_sample.FullAnswer, $"Action: click(start_box='({answer.Point?.X},{answer.Point?.Y})')");
        Assert.True(s_sample.IsRight(answer));
        Assert.Equal(s_sample.PromptTokens, answer.Kv.PromptTokens);
        Assert.True(answer.Times.Total > TimeSpan.Zero && answer.Times.Selection <= answer.Times.Prefill);
    }

    [Fact]
    public async Task Questions_from_several_threads_are_answered_one_by_one()
    {
        var expected = mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short).Tokens;
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => mini.Agent.Ground(MiniModel.Tiny(), "Click", s_short).Tokens)));
        Assert.All(all, tokens => Assert.Equal(expected, tokens));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    public void A_blank_instruction_is_refused(string instruction) =>
        Assert.Contains("instruction is empty", Assert.Throws<StarKvException>(() => mini.Agent.Ground(MiniModel.Tiny(), instruction)).Message, StringComparison.Ordinal);

    [Fact]
    public void Questions_without_a_screenshot_are_refused()
    {
        Assert.Contains("no screenshot", Assert.Throws<StarKvException>(() => mini.Agent.Ground([], "Click")).Message, StringComparison.Ordinal);
        Assert.Contains("0 image(s)", Assert.Throws<StarKvException>(() => mini.Agent.GroundRaw([], s_sample.Prompt)).Message, StringComparison.Ordinal);
        Assert.Throws<StarKvException>(() => mini.Agent.GroundRaw([], "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"));
    }

    [Fact]
    public void Generation_options_are_checked() =>
        Assert.Throws<StarKvException>(() => mini.Agent.Ground(MiniModel.Tiny(), "Click", new GroundingOptions { Generation = new GenerationOptions { MaxNewTokens = 0 } }));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_overlay_shows_every_screenshot(int count)
    {
        List<Screenshot> screens = [.. Enumerable.Range(0, count).Select(i => MiniModel.Tiny(84 + 28 * i, 84))];
        var answer = mini.Agent.Ground(screens, "Click", s_short);
        Assert.Equal(count, answer.Grids.Count);
        Assert.Equal(answer.Grids.Select(g => g.Tokens), answer.Kept.Frames.Select(f => f.Count));
        var picture = Screenshot.Decode(AnswerOverlay.Render(screens, "Click", s_short, answer).Png);
        Assert.True(picture is { Width: >= 480, Height: > 84 });
        Assert.True(picture.Rgb.Distinct().Count() > 50);
    }

    [Fact]
    public void The_folder_names_its_own_prompt() => Assert.Equal("mini", mini.Agent.DefaultPrompt.Name);

    /// <summary>star-kv that tells the prior's strength in every layer.</summary>
    private sealed class Watched(StarKv inner) : ICompressionMethod
    {
        public List<double> Lambdas { get; } = [];

        public string Name => inner.Name;

        public int Window(TokenMap prompt) => inner.Window(prompt);

        public TorchSharp.torch.Tensor Score(in LayerObservation observation, LayerMemory memory)
        {
            var steps = inner.Steps(observation, memory);
            Lambdas.Add(steps.Lambda);
            return steps.Score.unsqueeze(0);
        }
    }
}
